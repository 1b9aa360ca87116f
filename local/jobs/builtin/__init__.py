"""Algorithms that images hold without any script, each as a program of our own that runs as the job's process."""
