"""Reads a SageMaker pipeline definition: its parts, its expressions, its graph and everything wrong with it."""
