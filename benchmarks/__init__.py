"""What is timed: asv finds the benchmarks here, and reads their docstrings into its pages."""
