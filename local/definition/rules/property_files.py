"""Property files are declared on steps with outputs, and name an output that the step has."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.catalog import PROPERTY_FILE_TYPES
from local.definition.document import PropertyFile, Step
from local.definition.findings import Where, quote, suggest
from local.definition.references import is_expression
from local.definition.rule import Rule, Subject, Wrong


def _check(subject: Subject) -> Iterator[Wrong]:
    for step in subject.steps:
        for file in step.property_files.values():
            yield from _check_file(step, file, _place(step, file.name))


def _place(step: Step, name: str) -> Where:
    entries = step.raw.get("PropertyFiles") or []
    index = next(i for i, each in enumerate(entries) if isinstance(each, dict) and each.get("PropertyFileName") == name)
    return (*step.where, "PropertyFiles", index)


def _check_file(step: Step, file: PropertyFile, where: Where) -> Iterator[Wrong]:
    if step.type not in PROPERTY_FILE_TYPES:
        message = f"A step of type {step.type} has no processing outputs, so it cannot have property files."
        yield Wrong(where, message, f"Declare it on one of type {', '.join(PROPERTY_FILE_TYPES)}.")
        return
    if not file.path:
        message = f"The property file {quote(file.name)} has no FilePath."
        yield Wrong((*where, "FilePath"), message, "Name the JSON file inside the output, such as evaluation.json.")
    outputs = _outputs(step)
    if not file.output_name:
        message = f"The property file {quote(file.name)} has no OutputName."
        yield Wrong((*where, "OutputName"), message, "Name the processing output that the file is written to.")
    elif outputs is not None and file.output_name not in outputs:
        message = f"The step {step.name} declares no output {quote(file.output_name)}."
        yield Wrong((*where, "OutputName"), message, suggest(file.output_name, outputs, "processing output"))


def _outputs(step: Step) -> list[str] | None:
    """The names of the step's outputs; None when an expression hides one."""
    config = step.arguments.get("ProcessingOutputConfig")
    outputs = config.get("Outputs") if isinstance(config, dict) else None
    names = [each.get("OutputName") for each in outputs or [] if isinstance(each, dict)] if _is_list(outputs) else []
    if is_expression(config) or is_expression(outputs) or any(is_expression(name) for name in names):
        return None
    return [name for name in names if isinstance(name, str)]


def _is_list(value: object) -> bool:
    return isinstance(value, list)


RULE = Rule(
    id="property-files",
    description="A property file has a path and an output, and its step declares that output.",
    source="SageMaker Developer Guide: Property Files and JsonGet",
    check=_check,
)
