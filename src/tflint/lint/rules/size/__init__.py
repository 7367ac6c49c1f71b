"""Rules about bytes and work that could be saved."""
