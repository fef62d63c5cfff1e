"""The middle floor: one function with its truth, where it is tried, and what that shows."""
