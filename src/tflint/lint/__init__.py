"""Judging a model: rules, the engine that runs them, and what they found."""
