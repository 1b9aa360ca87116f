"""Fits what each column needs, on training rows only; every fit merges with one of other rows."""
