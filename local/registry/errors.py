"""What the registry refuses, with the service's own code."""

from __future__ import annotations


class RegistryError(Exception):
    """A request that cannot be carried out. The API answers with `code`; a step fails with the message."""

    def __init__(self, message: str, code: str = "ValidationException") -> None:
        super().__init__(message)
        self.code = code
