"""How do machines, commits or TensorFlow versions differ? Files alone are read: no TensorFlow."""
