"""What in a CreateTransformJob request cannot run on the laptop, or could not run on the service either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.hosting.transform.processing import Processing
from local.jobs.requests import is_open, member

MOST_MEGABYTES = 100


def problems(request: Mapping[str, Any]) -> list[str]:
    """Name everything, each as a sentence without its subject."""
    found = _input(request) + _limits(request)
    parts = (request.get("DataProcessing"), request.get("TransformInput"), request.get("TransformOutput"))
    texts = [value for part in parts if isinstance(part, Mapping) for value in part.values()]
    if not any(is_open(part) for part in parts) and not any(is_open(value) for value in texts):
        found += Processing.of(request).problems()
    count = member(request, "TransformResources", "InstanceCount")
    if isinstance(count, int) and count > 1:
        found.append(f"transforms on {count} instances, and the laptop has one; set InstanceCount to 1.")
    return found


def _input(request: Mapping[str, Any]) -> list[str]:
    found = []
    split = member(request, "TransformInput", "SplitType")
    if split in ("RecordIO", "TFRecord"):
        found.append(f"has the SplitType {split}, which the laptop does not read; it splits by Line, or not at all.")
    kind = member(request, "TransformInput", "DataSource", "S3DataSource", "S3DataType")
    if kind not in (None, "S3Prefix"):
        found.append(f"has the S3DataType {kind}; the laptop reads S3Prefix.")
    return found


def _limits(request: Mapping[str, Any]) -> list[str]:
    size, many = member(request, "MaxPayloadInMB"), member(request, "MaxConcurrentTransforms")
    found = []
    if isinstance(size, int) and isinstance(many, int) and size * max(1, many) > MOST_MEGABYTES:
        found.append(
            f"has a MaxPayloadInMB of {size} and {many} MaxConcurrentTransforms: their product must not be above "
            f"{MOST_MEGABYTES}."
        )
    elif isinstance(size, int) and size > MOST_MEGABYTES:
        found.append(f"has a MaxPayloadInMB of {size}; it is at most {MOST_MEGABYTES}.")
    return found
