"""Where a function has cuts, kinks, ties and jumps."""
