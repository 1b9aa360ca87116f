"""What goes wrong around serving a model, outside the answers of the model itself."""

from __future__ import annotations


class HostingError(Exception):
    """A model cannot be served or did not answer; the message is a sentence for the user."""


class MissingError(Exception):
    """What a request names is not there; the message is the service's sentence."""


class NameTakenError(Exception):
    """There is another resource under that name; the message is its ARN."""


class BusyError(Exception):
    """The endpoint is being created or updated; the message is its ARN."""
