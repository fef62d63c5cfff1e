"""Kinks where several numbers meet: whether partial derivatives make a derivative."""
