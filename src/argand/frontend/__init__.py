"""All that touches TensorFlow: functions become Programs, and run in a mode on a device."""
