"""What each TensorFlow operation does on balls, one line an operation; ``table`` says where."""
