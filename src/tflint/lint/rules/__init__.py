"""The checks, one module a rule. Found through the generated index; imported when needed."""
