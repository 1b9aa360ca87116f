"""The definition's version is one that the service reads."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.findings import quote
from local.definition.rule import Rule, Subject, Wrong

SUPPORTED = "2020-12-01"


def _check(subject: Subject) -> Iterator[Wrong]:
    version = subject.definition.raw.get("Version")
    if version != SUPPORTED:
        shown = "is missing" if version is None else f"is {quote(version)}"
        yield Wrong(("Version",), f"Version {shown}, and the service reads {SUPPORTED}.", f'Write "{SUPPORTED}".')


RULE = Rule(
    id="version",
    description="The schema version is the one that exists.",
    source="SageMaker Python SDK v3, sagemaker.mlops.workflow.pipeline.Pipeline",
    check=_check,
)
