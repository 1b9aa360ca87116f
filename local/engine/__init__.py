"""Executes pipeline definitions: one process owns an execution from its first step to its last."""
