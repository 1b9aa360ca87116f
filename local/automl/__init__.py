"""AutoML jobs on the laptop: a search over model families that stands in for Autopilot."""
