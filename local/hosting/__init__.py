"""Serves models on the laptop: worker processes that stand for model containers, endpoints, batch transform."""
