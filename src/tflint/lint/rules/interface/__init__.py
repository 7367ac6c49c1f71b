"""Rules about the interface: inputs, outputs, signatures and metadata."""
