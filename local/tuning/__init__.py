"""Hyperparameter tuning: searches for good hyperparameters with training jobs as its trials."""
