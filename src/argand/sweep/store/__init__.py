"""What a sweep keeps, and how it is read back."""
