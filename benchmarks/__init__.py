"""Benchmarks that anyone can run: `make bench`. Each measures whole processes, side by side with a peer."""
