"""Long repetitions, left out of `make test`: run them with `make stress`."""
