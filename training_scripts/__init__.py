"""Programs that training jobs run, and what they share."""
