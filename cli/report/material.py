"""What a report is made from: the execution's own record and the small JSON objects it points to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from cli.report import searches, values
from cli.report.searches import Search

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

SIZE_LIMIT = 16 * 1024 * 1024  # a profile of a thousand columns is about 1 MiB

# Field of Material -> (name of the step output that holds it, file in that output)
_OBJECTS = {
    "profile": ("profile", "profile.json"),
    "evaluation": ("evaluation", "evaluation.json"),
    "gate": ("evaluation", "gate.json"),
    "details": ("evaluation", "details.json"),
}
_MISSING = frozenset({"NoSuchKey", "NoSuchBucket", "404"})


class ObjectReader(Protocol):
    """The one call that is needed of a boto3 S3 client."""

    def get_object(self, *, Bucket: str, Key: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's own spelling
        """Return the response with `ContentLength` and the streaming `Body`."""
        ...


@dataclass(frozen=True)
class Material:
    """Everything that a report shows; `notes` says in sentences what exists but could not be read."""

    execution: Mapping[str, Any]
    profile: Mapping[str, Any]
    evaluation: Mapping[str, Any]
    gate: Mapping[str, Any]
    details: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    searches: tuple[Search, ...] = ()


class _UnreadableError(Exception):
    """An object that exists and cannot be shown; the text is the reason."""


def collect(s3: ObjectReader, execution: Mapping[str, Any], sagemaker: SageMakerClient | None = None) -> Material:
    """Read the small objects that `execution` (the content of its `execution.json`) points to.

    What does not exist, because its step never finished, is left empty; what exists and cannot be read is left empty
    and named in the notes. Objects larger than `SIZE_LIMIT` bytes are not read. The trials of tuning and AutoML jobs
    are asked of `sagemaker`, where it is given.
    """
    folders = _outputs(execution)
    found: dict[str, Mapping[str, Any]] = {}
    notes: list[str] = []
    for field, (output, file) in _OBJECTS.items():
        found[field] = {}
        uri = folders.get(output)
        if uri is None:
            continue
        address = f"{uri.rstrip('/')}/{file}"
        try:
            found[field] = _read(s3, address)
        except _UnreadableError as reason:
            notes.append(f"{address} is not shown: {reason}")
    searched = () if sagemaker is None else _searches(sagemaker, execution, notes)
    return Material(execution=execution, notes=tuple(notes), searches=searched, **found)


def _outputs(execution: Mapping[str, Any]) -> dict[str, str]:
    """Return the address of each named output; where several steps have one of a name, the last one counts."""
    return {
        name: uri
        for step in values.mappings(execution.get("steps"))
        for name, uri in values.mapping(step.get("outputs")).items()
        if isinstance(uri, str) and uri.startswith("s3://")
    }


def _searches(sagemaker: SageMakerClient, execution: Mapping[str, Any], notes: list[str]) -> tuple[Search, ...]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - loaded by whoever made the client

    found: list[Search] = []
    for step in values.mappings(execution.get("steps")):
        try:
            search = searches.read(sagemaker, step)
        except (ClientError, BotoCoreError) as error:
            notes.append(f"The trials of {values.text(step.get('name'))} are not shown: {error}")
            continue
        if search is not None and search.trials:
            found.append(search)
    return tuple(found)


def _read(s3: ObjectReader, address: str) -> Mapping[str, Any]:
    raw = _bytes(s3, address)
    if raw is None:
        return {}
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        raise _UnreadableError("it is not valid JSON.") from None
    if not isinstance(content, dict):
        raise _UnreadableError("it holds no JSON object.")
    return content


def _bytes(s3: ObjectReader, address: str) -> bytes | None:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - loaded by whoever made the client

    bucket, _, key = address.removeprefix("s3://").partition("/")
    try:
        response = s3.get_object(Bucket=bucket, Key=key)
        with closing(response["Body"]) as body:
            raw: bytes = body.read(SIZE_LIMIT + 1)
    except ClientError as error:
        code = values.text(error.response.get("Error", {}).get("Code"))
        if code in _MISSING:
            return None
        raise _UnreadableError(f"the storage answered {code}.") from None
    except (BotoCoreError, OSError) as error:
        raise _UnreadableError(f"it could not be fetched ({error}).") from None
    if len(raw) > SIZE_LIMIT:
        raise _UnreadableError(f"it is larger than {SIZE_LIMIT // 1024**2} MiB.")
    return raw
