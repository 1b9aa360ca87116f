"""What expressions see of an execution: parameters, its own names, and what finished steps gave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.definition.document import Definition
from local.definition.paths import PathError, select
from local.engine import strict_json
from local.store.executions import Execution
from local.store.names import pipeline_arn
from local.store.objects import ObjectError, ObjectStore, split_uri
from local.store.steps import StepRecord


class ExecutionContext:
    """Answers expressions; `records` is the engine's live view of the steps."""

    def __init__(
        self,
        execution: Execution,
        definition: Definition,
        parameters: Mapping[str, Any],
        records: Mapping[str, StepRecord],
        objects: ObjectStore,
    ) -> None:
        self._definition = definition
        self._parameters = parameters
        self._records = records
        self._objects = objects
        self._names = {
            "PipelineName": execution.pipeline,
            "PipelineArn": pipeline_arn(execution.pipeline),
            "PipelineExecutionId": execution.id,
            "PipelineExecutionArn": execution.arn,
            "StartDateTime": timestamp(execution.created),
        }

    def parameter(self, name: str) -> Any:
        """Return a parameter's value."""
        if name not in self._parameters:
            message = f"the pipeline has no parameter {name}."
            raise LookupError(message)
        return self._parameters[name]

    def execution(self, name: str) -> Any:
        """Return an execution variable."""
        if name == "CurrentDateTime":
            return timestamp(datetime.now(UTC).timestamp())
        if name not in self._names:
            message = f"the laptop does not know the execution variable {name}."
            raise LookupError(message)
        return self._names[name]

    def property(self, step: str, path: str) -> Any:
        """Return a value out of a finished step's description."""
        record = self._finished(step)
        try:
            return select(record.properties, path)
        except PathError as error:
            raise LookupError(str(error)) from error

    def property_file(self, step: str, name: str) -> Any:
        """Return a step's property file, parsed."""
        files = self._definition.steps[step].property_files
        if name not in files:
            message = f"step {step} has no property file {name}."
            raise LookupError(message)
        outputs = self._finished(step).outputs
        file = files[name]
        if file.output_name not in outputs:
            message = f"step {step} has no output {file.output_name}."
            raise LookupError(message)
        return self.read_json(f"{outputs[file.output_name].rstrip('/')}/{file.path.lstrip('/')}")

    def read_json(self, s3_uri: str) -> Any:
        """Return an object, parsed."""
        try:
            with self._objects.open(*split_uri(s3_uri)) as handle:
                return strict_json.loads(handle.read(), s3_uri)
        except ObjectError as error:
            raise LookupError(str(error)) from error

    def _finished(self, step: str) -> StepRecord:
        record = self._records.get(step)
        if record is None or record.status != "Succeeded":
            message = f"step {step} has not succeeded."
            raise LookupError(message)
        return record


def timestamp(seconds: float) -> str:
    """Return a time as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
