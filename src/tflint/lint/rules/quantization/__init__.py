"""Rules about quantization: scales, zero points and what stayed in float."""
