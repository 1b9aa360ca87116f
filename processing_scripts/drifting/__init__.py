"""The parts of the drift check: what was there in training, what endpoints captured, and how far apart the two are."""
