"""Requests to asynchronous endpoints: the rows go to S3, and what comes of them is waited for there."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.aws_errors import is_missing
from cli.errors import RUN_FAILED, CommandError
from cli.model_errors import refused
from cli.models import LIVE
from cli.session import Session

FOLDER = "asynchronous/requests"
"""Where requests lie below a problem's own folder: there its callers may write (docs/stacks/serving.md)."""
_SUFFIXES = {"text/csv": ".csv", "application/json": ".json"}
# Who may fetch an object and not list its bucket is told this where there is none.
_UNSEEN = ("403", "AccessDenied")
_FAILED = re.compile(r'Received (?:client|server) error \((\d{3})\) from \S+ with message "(.*)"', re.DOTALL)


@dataclass(frozen=True)
class Asked:
    """A request that was taken in: where its answer, or the reason of its failure, will be."""

    answer: str
    failure: str | None


def ask(session: Session, endpoint: str, bodies: Sequence[tuple[str | bytes, str]], accept: str) -> list[Asked]:
    """Bring bodies, each with its content type, to S3 and ask for their predictions; the same rows are one object."""
    folder = f"{endpoint.removeprefix(LIVE)}/{FOLDER}"
    found = []
    for body, content_type in bodies:
        data = body.encode() if isinstance(body, str) else body
        key = f"{folder}/{hashlib.sha256(data).hexdigest()[:32]}{_SUFFIXES.get(content_type, '')}"
        session.s3.put_object(Bucket=session.artifact_bucket, Key=key, Body=data, ContentType=content_type)
        told = session.runtime.invoke_endpoint_async(
            EndpointName=endpoint,
            InputLocation=f"s3://{session.artifact_bucket}/{key}",
            ContentType=content_type,
            Accept=accept,
        )
        found.append(Asked(told["OutputLocation"], told.get("FailureLocation")))
    return found


def answers(session: Session, endpoint: str, asked: Sequence[Asked], seconds: float) -> list[str]:
    """Wait for the answers to requests, `seconds` for all of them, and return them.

    Raises:
        CommandError: a request failed, or its answer did not come in time.
    """
    deadline, pauses = time.monotonic() + seconds, session.pauses()
    found: list[str] = []
    while len(found) < len(asked):
        each = asked[len(found)]
        answer = _content(session, each.answer)
        if answer is not None:
            found.append(answer)
            continue
        reason = _content(session, each.failure) if each.failure else None
        if reason is not None:
            raise _failed(endpoint, reason, str(each.failure))
        if time.monotonic() > deadline:
            failure = f", or why there is none at {each.failure}" if each.failure else ""
            message = f"The endpoint {endpoint} has not answered within {seconds:g} seconds. The answer will be at "
            raise CommandError(f"{message}{each.answer}{failure}.", RUN_FAILED)
        time.sleep(next(pauses))
    return found


def _failed(endpoint: str, reason: str, address: str) -> CommandError:
    told = _FAILED.search(reason)
    if told is not None:
        return refused(endpoint, int(told[1]), told[2])
    return CommandError(f"The endpoint {endpoint} failed: {reason.strip()} This stands at {address}.", RUN_FAILED)


def _content(session: Session, address: str) -> str | None:
    """Return an object's text; None where there is no object."""
    bucket, _, key = address.removeprefix("s3://").partition("/")
    try:
        return session.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode("utf-8", "replace")
    except session.s3.exceptions.ClientError as error:
        response: Mapping[str, Any] = error.response
        if is_missing(error) or response["Error"].get("Code") in _UNSEEN:
            return None
        raise
