"""The pieces of a sweep, one kind a file."""
