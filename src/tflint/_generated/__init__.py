"""Machine-written tables: `make generate` writes them, nobody edits them."""
