"""What goes wrong around serving a model, outside the answers of the model itself."""

from __future__ import annotations


class HostingError(Exception):
    """A model cannot be served or did not answer; the message is a sentence for the user."""


class WorkerEndedError(HostingError):
    """A worker's process ended before it answered."""
