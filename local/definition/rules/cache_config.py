"""Cache settings have a duration that the service reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from local.definition.findings import quote
from local.definition.rule import Rule, Subject, Wrong

_DURATION = re.compile(r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")


def _check(subject: Subject) -> Iterator[Wrong]:
    for step in subject.steps:
        expiry = step.cache.expire_after if step.cache is not None else None
        if expiry is not None and (len(expiry) > 64 or not _DURATION.fullmatch(expiry)):
            message = f"ExpireAfter must be an ISO 8601 duration, and is {quote(expiry)}."
            yield Wrong((*step.where, "CacheConfig", "ExpireAfter"), message, "Write it as P30D or PT12H.")


RULE = Rule(
    id="cache-config",
    description="ExpireAfter is an ISO 8601 duration.",
    source="SageMaker Developer Guide: Caching pipeline steps",
    check=_check,
)
