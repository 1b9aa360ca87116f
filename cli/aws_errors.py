"""What boto3 raises, turned into a sentence for the person who typed the command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cli.errors import RUN_FAILED, WRONG_USAGE, CommandError

# What the caller got wrong, as against what went wrong on the way.
_USAGE = ("ValidationException", "ResourceNotFound", "ConflictException", "ResourceInUse", "ResourceLimitExceeded")


@contextmanager
def sentences() -> Iterator[None]:
    """Turn a ClientError inside the block into a CommandError that carries the service's own message."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - boto3 is slow to import

    try:
        yield
    except ClientError as error:
        code = error.response["Error"].get("Code", "")
        message = error.response["Error"].get("Message", str(error))
        raise CommandError(message, WRONG_USAGE if code in _USAGE else RUN_FAILED) from error


def is_missing(error: Exception) -> bool:
    """Say whether a ClientError means that the thing asked for is not there."""
    code = getattr(error, "response", {}).get("Error", {}).get("Code", "")
    return code in ("404", "NoSuchKey", "NoSuchBucket", "NotFound", "ResourceNotFound")
