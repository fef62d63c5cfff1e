"""Measured time that can be believed: paired samples, intervals, verdicts, asv's results."""
