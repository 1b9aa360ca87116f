"""What Evaluate writes about a model, beyond the single numbers of `inference.scores`."""
