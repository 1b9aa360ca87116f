"""Programs that stand in jobs' way to what the laptop must not do: install packages into its own environment."""
