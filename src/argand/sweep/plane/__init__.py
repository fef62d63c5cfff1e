"""What is swept: studies, and the planes that they make."""
