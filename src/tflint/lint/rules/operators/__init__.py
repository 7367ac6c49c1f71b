"""Rules about operators that a runtime may not have, or not in that version."""
