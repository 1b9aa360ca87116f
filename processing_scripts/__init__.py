"""Programs that processing jobs run, and what they share."""
