"""Properties that are read exist in the description of the finished step."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.kinds import NoSuchPropertyError, property_kind
from local.definition.rule import Rule, Subject, Wrong


def _check(subject: Subject) -> Iterator[Wrong]:
    for reader, where, reference in subject.references:
        step = subject.step_named(reference.name, reader) if reference.kind == "property" else None
        if step is None:
            continue
        try:
            property_kind(step, reference.path)
        except NoSuchPropertyError as error:
            yield Wrong((*where, "Get"), str(error), error.fix)


RULE = Rule(
    id="properties",
    description="Properties that are read are in the job's Describe response; named list elements are declared.",
    source="SageMaker Python SDK documentation: 'Data Dependency - Property Reference'; the Describe responses",
    check=_check,
)
