"""Maps over the plane: what is computed, against what is exact, point by point."""
