"""The redirects and headers of an export, in the configuration of each host. Begin with `files`."""
