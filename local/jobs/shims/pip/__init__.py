"""Stands for pip inside jobs: says which requirements this machine satisfies, and installs nothing."""
