"""Sizes that the service limits: the text, the parameters, the steps."""

from __future__ import annotations

import json
from collections.abc import Iterator

from local.definition.models import named_shape
from local.definition.rule import Rule, Subject, Wrong

# Neither number is confirmed by AWS's own documentation, so going beyond one is a warning.
MOST_STEPS = 50
MOST_ENUM_VALUES = 16


def _check(subject: Subject) -> Iterator[Wrong]:
    most = named_shape("PipelineDefinition").metadata["max"]
    size = subject.text_size if subject.text_size is not None else _size(subject.raw)
    if size > most:
        message = f"The definition is {size:,} characters long, and CreatePipeline takes {most:,}."
        yield Wrong((), message, "Split the pipeline in two, or move long texts into files.")
    most = named_shape("ParameterList").metadata["max"]
    count = len(subject.definition.parameters)
    if count > most:
        message = f"Parameters has {count} entries, and StartPipelineExecution takes {most}."
        yield Wrong(("Parameters",), message, "Join some, or write them into the definition.")
    count = len(subject.steps)
    if count > MOST_STEPS:
        message = f"The pipeline has {count} steps, and the default quota is believed to be {MOST_STEPS}."
        yield Wrong(
            ("Steps",), message, "Look up the account's quota before deploying it, or split the pipeline.", "warning"
        )
    for parameter in subject.definition.parameters.values():
        if len(parameter.enum) > MOST_ENUM_VALUES:
            where = (*parameter.where, "EnumValues")
            message = (
                f"EnumValues has {len(parameter.enum)} values, and the service is known to take {MOST_ENUM_VALUES}."
            )
            yield Wrong(where, message, "Offer fewer values, or leave EnumValues out.", "warning")


def _size(raw: object) -> int:
    return len(json.dumps(raw, default=str, separators=(",", ":"), ensure_ascii=False))


RULE = Rule(
    id="limits",
    description="The definition's length and the numbers of parameters, steps and enumeration values stay in bounds.",
    source=(
        "SageMaker API Reference: CreatePipeline (PipelineDefinition), StartPipelineExecution (PipelineParameters); "
        "aws/sagemaker-python-sdk issue 2314, a user's report: enumerations. The 50 steps are commonly "
        "stated, and were not found in AWS's own documentation"
    ),
    check=_check,
)
