"""Output parameters of Lambda and Callback steps have names of their own and types that exist."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.document import Step
from local.definition.findings import Json, Where, quote, suggest
from local.definition.models import named_shape
from local.definition.parameters import TYPES
from local.definition.rule import Rule, Subject, Wrong


def _check(subject: Subject) -> Iterator[Wrong]:
    for step, kind in subject.kinds():
        if "OutputParameters" in kind.settings:
            yield from _check_step(step, (*step.where, "OutputParameters"), step.settings.get("OutputParameters"))


def _check_step(step: Step, where: Where, outputs: Json) -> Iterator[Wrong]:
    if outputs is None:
        return
    if not isinstance(outputs, list):
        yield Wrong(where, f"OutputParameters must be a list, and is {quote(outputs)}.", "Write it as a JSON list.")
        return
    most = named_shape("OutputParameterList").metadata["max"]
    if len(outputs) > most:
        message = f"The step {step.name} has {len(outputs)} output parameters, and a step can send {most}."
        yield Wrong(where, message, "Write the rest into a file and send its address.")
    seen: set[str] = set()
    for index, each in enumerate(outputs):
        name = each.get("OutputName") if isinstance(each, dict) else None
        if not isinstance(name, str) or not name or name in seen:
            message = f"OutputParameters[{index}] needs an OutputName of its own."
            yield Wrong((*where, index), message, 'Write it as {"OutputName": "name", "OutputType": "String"}.')
            continue
        seen.add(name)
        if each.get("OutputType", "String") not in TYPES:
            message = f"OutputType of {quote(name)} cannot be {quote(each['OutputType'])}."
            yield Wrong((*where, index, "OutputType"), message, suggest(str(each["OutputType"]), TYPES, "type"))


RULE = Rule(
    id="output-parameters",
    description="Output parameters have unique names and types that exist, and are not too many.",
    source="SageMaker Python SDK: LambdaOutput, CallbackOutput; API Reference: SendPipelineExecutionStepSuccess",
    check=_check,
)
