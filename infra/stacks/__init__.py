"""One stack a module, each for one environment."""
