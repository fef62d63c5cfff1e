"""What a function does beside a point: power series with exact valuations, branch by branch."""
