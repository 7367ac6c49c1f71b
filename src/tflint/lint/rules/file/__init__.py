"""Integrity of the file and of the graph in it: what LiteRT refuses to load, and why."""
