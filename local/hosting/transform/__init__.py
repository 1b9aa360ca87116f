"""Batch transform: input objects split into payloads, sent to a model's containers, and put together as outputs."""
