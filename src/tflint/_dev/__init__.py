"""Tools of tflint's own development: `python -m tflint._dev`. Imported by nothing else."""
