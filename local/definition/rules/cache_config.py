"""Cache settings have a duration that the service reads."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.durations import parse_duration
from local.definition.findings import quote
from local.definition.rule import Rule, Subject, Wrong


def _check(subject: Subject) -> Iterator[Wrong]:
    for step in subject.steps:
        expiry = step.cache.expire_after if step.cache is not None else None
        if expiry is None:
            continue
        try:
            parse_duration(expiry)
        except ValueError:
            message = f"ExpireAfter must be an ISO 8601 duration, and is {quote(expiry)}."
            yield Wrong((*step.where, "CacheConfig", "ExpireAfter"), message, "Write it as P30D or PT12H.")


RULE = Rule(
    id="cache-config",
    description="ExpireAfter is an ISO 8601 duration.",
    source="SageMaker Developer Guide: Turn on step caching",
    check=_check,
)
