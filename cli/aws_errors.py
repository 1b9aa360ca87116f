"""What boto3 raises, turned into a sentence for the person who typed the command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cli.errors import RUN_FAILED, WRONG_USAGE, CommandError

# What the caller got wrong, as against what went wrong on the way.
_USAGE = ("ValidationException", "ResourceNotFound", "ConflictException", "ResourceInUse", "ResourceLimitExceeded")


@contextmanager
def sentences() -> Iterator[None]:
    """Turn what boto3 raises inside the block into a CommandError that carries the service's own message."""
    # boto3 is slow to import.
    from botocore.exceptions import (  # noqa: PLC0415
        ClientError,
        CredentialRetrievalError,
        HTTPClientError,
        NoCredentialsError,
        TokenRetrievalError,
    )
    from botocore.exceptions import ConnectionError as Unreachable  # noqa: PLC0415

    try:
        yield
    except ClientError as error:
        code = error.response["Error"].get("Code", "")
        message = error.response["Error"].get("Message", str(error))
        raise CommandError(message, WRONG_USAGE if code in _USAGE else RUN_FAILED) from error
    except (HTTPClientError, Unreachable, NoCredentialsError, CredentialRetrievalError, TokenRetrievalError) as error:
        message = f"AWS did not answer: {error}"
        raise CommandError(message, RUN_FAILED) from error


def is_missing(error: Exception) -> bool:
    """Say whether a ClientError means that the thing asked for is not there."""
    code = getattr(error, "response", {}).get("Error", {}).get("Code", "")
    return code in ("404", "NoSuchKey", "NoSuchBucket", "NotFound", "ResourceNotFound")
