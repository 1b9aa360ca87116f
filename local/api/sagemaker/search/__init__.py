"""Search: what is stored, found by any of its properties."""
