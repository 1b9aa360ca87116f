"""execution.json: the whole story of an execution, an object beside its outputs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from local.definition.document import Definition, Step
from local.definition.expressions import Context
from local.engine.context import timestamp
from local.store.executions import Execution
from local.store.names import ARTIFACT_BUCKET
from local.store.objects import ObjectStore
from local.store.steps import StepRecord

VERSION = 1


def key(execution: Execution) -> str:
    """Return the key of an execution's record in the artifact bucket: of the pipeline's name as its ARN has it."""
    return f"{execution.pipeline.lower()}/{execution.id}/execution.json"


def write(objects: ObjectStore, execution: Execution, content: Mapping[str, Any]) -> None:
    """Put the record in place in one rename. It can be made again from the database, so no flush is waited for."""
    # In one line: with an indent, Python writes JSON ten times slower.
    text = json.dumps(content)
    objects.put(ARTIFACT_BUCKET, key(execution), text.encode(), durable=False)


def compose(
    execution: Execution,
    definition: Definition,
    parameters: Mapping[str, Any],
    records: Mapping[str, StepRecord],
    context: Context,
    *,
    status: str,
    reason: str | None,
    ended: float | None,
    differences: Sequence[str],
    sandbox: Mapping[str, str | None],
) -> dict[str, Any]:
    """Return the record's content."""
    return {
        "version": VERSION,
        "execution": execution.arn,
        "execution_id": execution.id,
        "pipeline": execution.pipeline,
        "status": status,
        "failure_reason": reason,
        "started": timestamp(execution.created),
        "ended": None if ended is None else timestamp(ended),
        "seconds": None if ended is None else round(ended - execution.created, 3),
        "parameters": dict(parameters),
        "image_differences": list(differences),
        "sandbox": dict(sandbox),
        "steps": [_step(step, records[name], definition) for name, step in definition.steps.items()],
        "metrics": _metrics(definition, records, context),
        "model_package": _made(records, "ModelPackage"),
        "endpoint": _made(records, "Endpoint"),
    }


def _step(step: Step, record: StepRecord, definition: Definition) -> dict[str, Any]:
    over = record.started is not None and record.ended is not None
    return {
        "name": step.name,
        "display_name": step.display_name or step.name,
        "type": step.type,
        "status": record.status,
        "started": None if record.started is None else timestamp(record.started),
        "ended": None if record.ended is None else timestamp(record.ended),
        "seconds": round((record.ended or 0.0) - (record.started or 0.0), 3) if over else None,
        "cache": record.cache,
        "reason": record.reason,
        "how": record.how,
        "depends_on": list(definition.dependencies(step.name)),
        "branch": None if step.branch is None else {"condition": step.branch[0], "when": step.branch[1]},
        "job": record.job,
        "outputs": record.outputs,
        "outcome": record.outcome,
        "metrics": record.metrics,
    }


def _metrics(definition: Definition, records: Mapping[str, StepRecord], context: Context) -> dict[str, float]:
    """Return the last value of every metric, and what property files of a gate's form name and value."""
    found: dict[str, float] = {}
    for name, step in definition.steps.items():
        if records[name].status != "Succeeded":
            continue
        found.update({metric: series[-1][1] for metric, series in records[name].metrics.items() if series})
        for file in step.property_files:
            try:
                content = context.property_file(name, file)
            except (LookupError, ValueError, OSError):
                continue  # The condition that reads it says what is wrong.
            if isinstance(content, dict) and isinstance(content.get("metric"), str):
                value = content.get("value")
                if isinstance(value, int | float) and not isinstance(value, bool):
                    found[content["metric"]] = value
    return found


def _made(records: Mapping[str, StepRecord], kind: str) -> str | None:
    for record in records.values():
        if record.status == "Succeeded" and record.job is not None and record.job["kind"] == kind:
            return str(record.job["arn"])
    return None
