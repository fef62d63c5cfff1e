"""Where a Problem is tried."""
