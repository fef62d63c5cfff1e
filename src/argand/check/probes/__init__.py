"""One question about a gradient a file."""
