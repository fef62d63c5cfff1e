"""Who carries out the pieces, and in which order."""
