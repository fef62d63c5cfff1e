"""The gradient that is right: the function's own, or that of a surrogate which its author means."""
