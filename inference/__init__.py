"""What training and serving share: raw cells to features, model archives, predictions and the serving hooks."""
