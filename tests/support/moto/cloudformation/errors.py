"""What goes wrong with a stack, as CloudFormation would say it."""

from __future__ import annotations

import traceback

from botocore.exceptions import BotoCoreError, ClientError


class TemplateError(Exception):
    """A template, or a value that it is given, is wrong: nothing is made, or what was made is rolled back."""


class UnsupportedError(TemplateError):
    """The stack may be right, but the test support does not do what it asks for."""


def reason(error: Exception) -> str:
    """Return why something failed, for a stack's events. What nobody expected is told to the server's log as well."""
    if isinstance(error, (TemplateError, ClientError, BotoCoreError)):
        return str(error)
    traceback.print_exception(error)
    return f"The test support failed: {type(error).__name__}: {error}"
