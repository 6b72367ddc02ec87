"""What hosts have to do besides sending files, written as each of them reads it; begin with `files`."""
