"""One file for each step, each with one function: ``build(site)``."""
