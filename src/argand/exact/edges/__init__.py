"""Where a function is not smooth: signed zeros, cuts, kinks, ties and jumps."""
