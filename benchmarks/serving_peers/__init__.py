"""Servers that serving is measured beside. They run in .venv-peers, and import nothing of the project."""
