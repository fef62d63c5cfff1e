"""argand tells whether the gradient of a TensorFlow function is right, fast and safe."""
