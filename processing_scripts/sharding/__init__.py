"""Prepare in shards: what hosts that cannot talk to one another leave for the next step to put together."""
