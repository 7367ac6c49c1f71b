"""What a file from a stranger could do: to the process that loads it, and to those who trust it."""
