"""Rules about shapes that are unknown until run time, and about control flow."""
