"""ForEach steps: the steps of their body, once for each item, as steps of their own.

Source: the SageMaker Python SDK's `ForEachStep`: the children's names, their properties, and what the loop's are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from local.definition.document import Step
from local.definition.expressions import ExpressionError
from local.definition.paths import PathError, select
from local.definition.references import is_expression, read_get
from local.engine import strict_json
from local.store.steps import StepRecord


@dataclass(frozen=True)
class Iterations:
    """The children of a loop: for each item, the child's name by the name of the body's step."""

    children: list[dict[str, str]]
    records: Mapping[str, StepRecord]

    @property
    def found(self) -> list[StepRecord]:
        """Every child's record, in order."""
        return [self.records[name] for names in self.children for name in names.values()]


def items(value: Any) -> list[Any]:
    """Return what a resolved IterableItems holds: a list, or the text of a JSON list.

    Raises:
        ExpressionError: it is neither.
    """
    try:
        found = strict_json.loads(value, "IterableItems") if isinstance(value, str) else value
    except ValueError as error:
        raise ExpressionError(str(error)) from error
    if not isinstance(found, list):
        message = f"IterableItems must be a list, and is {json.dumps(found)[:60]}."
        raise ExpressionError(message)
    return found


def expand(loop: Step, body: Iterable[Step], found: Sequence[Any]) -> list[Step]:
    """Return a loop's children: the body's steps with the item of each iteration in them.

    Raises:
        ExpressionError: an item has no such field as the body reads.
    """
    steps = list(body)
    children = []
    for index, item in enumerate(found):
        names = {step.name: child_name(step.name, index) for step in steps}
        for step in steps:
            raw = _fill(step.raw, item, names)
            children.append(
                replace(
                    step,
                    name=names[step.name],
                    arguments=raw.get("Arguments", {}),
                    settings={key: raw[key] for key in step.settings},
                    depends_on={names.get(other, other): trigger for other, trigger in step.depends_on.items()},
                    display_name=f"{step.display_name or step.name} {index}",
                    loop=loop.name,
                    raw=raw,
                )
            )
    return children


def child_name(body: str, index: int) -> str:
    """Return the name of a child, as the service gives it."""
    return f"{body}-{index}"


def _fill(value: Any, item: Any, names: Mapping[str, str]) -> Any:
    if is_expression(value) and "Get" in value:
        return _filled(value, item, names)
    if isinstance(value, dict):
        return {key: _fill(child, item, names) for key, child in value.items()}
    if isinstance(value, list):
        return [_fill(child, item, names) for child in value]
    return value


def _filled(expression: dict[str, Any], item: Any, names: Mapping[str, str]) -> Any:
    reference = read_get(expression["Get"])
    if reference.kind == "loop":
        return item if not reference.path else field(item, reference.path)
    if reference.kind in ("property", "property_file") and reference.name in names:
        rest = expression["Get"].removeprefix(f"Steps.{reference.name}")
        return {"Get": f"Steps.{names[reference.name]}{rest}"}
    return expression


def field(item: Any, path: str) -> Any:
    """Return a field of an item, which may be the text of a JSON object."""
    try:
        found = strict_json.loads(item, "the item") if isinstance(item, str) else item
        return select(found, path)
    except (PathError, ValueError) as error:
        message = f"ForEach.CurrentItem.{path} has no value: {error}"
        raise ExpressionError(message) from error


def properties(iterations: Iterations, status: str, selector: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what references to a finished loop read.

    Raises:
        ExpressionError: the selector's field is not a number in every iteration.
    """
    ended = [record.status for record in iterations.found]
    outputs = [
        {body: iterations.records[name].properties for body, name in names.items()} for names in iterations.children
    ]
    found: dict[str, Any] = {
        "Status": status,
        "InputItemCount": len(iterations.children),
        "TotalStepCount": len(ended),
        "SucceededStepCount": ended.count("Succeeded"),
        "FailedStepCount": ended.count("Failed"),
        "StoppedStepCount": ended.count("Stopped"),
        "IterationOutputs": outputs,
    }
    if selector and status == "Succeeded" and outputs:
        body, index = _pick(outputs, selector)
        found["Selected"] = outputs[index][body]
        found["Selector"] = {"StepName": iterations.children[index][body], "Index": index}
    return found


def _pick(outputs: Sequence[Mapping[str, Any]], selector: Mapping[str, Any]) -> tuple[str, int]:
    """Return the body's step whose output is compared, and the iteration that has the best; the first of equals."""
    target = re.fullmatch(r"IterationOutput\.([^.\[\]]+)\.?(.+)", str(selector.get("Field", {}).get("Get")))
    if target is None:
        message = "Selector.Field must be a Get of IterationOutput.STEP.MEMBER."
        raise ExpressionError(message)
    body, path = target.groups()
    values = []
    for index, each in enumerate(outputs):
        try:
            values.append(float(select(each[body], path)))
        except (KeyError, PathError, TypeError, ValueError) as error:
            message = f"The selector compares numbers, and {path} of {child_name(body, index)} is none: {error}"
            raise ExpressionError(message) from error
    best = max(values) if selector.get("Pick") == "MaxBy" else min(values)
    return body, values.index(best)
