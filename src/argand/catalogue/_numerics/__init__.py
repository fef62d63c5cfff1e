"""Algebra that the stable variants share."""
