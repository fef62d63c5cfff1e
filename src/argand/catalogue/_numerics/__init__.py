"""Algebra that several stable forms share."""
