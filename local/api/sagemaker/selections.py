"""Selective execution as requests ask for it: the reference found, everything against it said at once."""

from __future__ import annotations

from typing import Any

from local.api import engine, errors
from local.api.call import Call
from local.api.sagemaker import definitions, lookups
from local.store.executions import Execution


def names(call: Call) -> list[str] | None:
    """Return the names of the selected steps; None where the request selects none."""
    config = call.params.get("SelectiveExecutionConfig")
    return [entry["StepName"] for entry in config["SelectedSteps"]] if config else None


def check(call: Call, pipeline: str, text: str) -> dict[str, Any] | None:
    """Return the request's SelectiveExecutionConfig with its reference, or None; ValidationException if it cannot run.

    The service leaves it to its SDK to find the latest execution where no reference is given; here the API does.
    """
    config = call.params.get("SelectiveExecutionConfig")
    if not config:
        return None
    definition = definitions.read(text)
    selected = names(call) or []
    source = _given(call, pipeline, config.get("SourcePipelineExecutionArn"))
    if source is None and engine.needs_reference(definition, selected):
        newest = next((each for each in call.store.executions.list(pipeline) if engine.is_reference(each.status)), None)
        source = None if newest is None else call.store.executions.get(newest.arn)
    mistakes = engine.selection_problems(call.store, definition, selected, source)
    if mistakes:
        raise errors.invalid("\n- ".join(["The selected steps cannot run on their own.", *mistakes]))
    chosen = {"SelectedSteps": config["SelectedSteps"]}
    return chosen if source is None else {"SourcePipelineExecutionArn": source.arn, **chosen}


def _given(call: Call, pipeline: str, arn: str | None) -> Execution | None:
    if arn is None:
        return None
    found = lookups.execution(call.store, arn)
    if found.pipeline != pipeline:
        raise errors.invalid(f"{arn} is an execution of another pipeline, {found.pipeline}: name one of {pipeline}.")
    if not engine.is_reference(found.status):
        raise errors.invalid(f"{arn} has status '{found.status}': a reference execution must have ended.")
    return found
