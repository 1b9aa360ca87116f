"""Lambda steps: invoke the function that the step names, with its arguments as the event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.definition.document import Step
from local.engine.handlers import outputs
from local.engine.progress import RAN, Activity, Done, Progress
from local.engine.task import StepTask
from local.functions import manifest
from local.functions.invoke import endpoint
from local.functions.manifest import Function
from local.functions.process import FunctionProcess, Outcome, request_id
from local.jobs.log import note

STEP_SECONDS = 600.0
"""How long a Lambda step may take. Source: SageMaker Developer Guide, Lambda step, 'Timeout and stopping behavior'."""


class LambdaHandler:
    """Runs the function in a process of its own. Its results are not cached: the service caches other step types."""

    type = "Lambda"
    not_keyed: tuple[str, ...] | None = None

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """The step must say which function it invokes."""
        del arguments
        return [] if step.settings.get("FunctionArn") else ["has no FunctionArn; name the function that it invokes."]

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the function's ARN and the event."""
        return {
            "FunctionArn": str(task.resolve(task.step.settings.get("FunctionArn"))),
            "Arguments": task.resolve(task.step.arguments),
        }

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Invoke."""
        name = arguments["FunctionArn"]
        function = manifest.find(task.store, name)
        if function is None:
            return Done(Progress("Failed", f"{task.step.name} {manifest.unknown(name)}"))
        return LambdaActivity(task, replace(function, timeout=min(function.timeout, STEP_SECONDS)), arguments)


class LambdaActivity:
    """A step that waits for its function. As in the service, nothing can stop the function but its timeout."""

    def __init__(self, task: StepTask, function: Function, arguments: Mapping[str, Any]) -> None:
        self._task = task
        self._function = function
        self._endpoint = task.background.run(lambda: endpoint(task.store))
        self._gone = False
        # The attempt is part of the name: a repeated step is another invocation.
        request = request_id(task.job_name())
        self._process = FunctionProcess(task.store, function, arguments["Arguments"], request=request)
        self._job = {
            "kind": "Lambda",
            "name": function.name,
            "arn": function.arn,
            "log_group": function.log_group,
            "log_stream": self._process.stream,
        }
        note(task.log, f"Invoked {function.name}; its log is {self._process.log}.")

    def poll(self) -> Progress:
        """Let the function run once its API is there, then wait for it."""
        if not self._gone and self._endpoint.done:
            self._gone = True
            try:
                self._process.go(self._endpoint.result())
            except RuntimeError as error:
                self._process.kill()
                return Progress("Failed", str(error), job=self._job)
        outcome = self._process.poll()
        if outcome is None:
            return Progress("Executing", how=RAN, job=self._job, handle=self._process.handle)
        return self._ended(outcome)

    def stop(self) -> None:
        """Let the function end: the service waits for it as well."""

    def _ended(self, outcome: Outcome) -> Progress:
        if outcome.error is not None:
            reason = f"The function {self._function.name} failed. {outcome.reason}"
            return Progress("Failed", reason, how=RAN, job=self._job)
        try:
            found = outputs.read(self._task.step, outcome.payload)
        except outputs.OutputError as error:
            return Progress("Failed", str(error), how=RAN, job=self._job)
        return Progress("Succeeded", how=RAN, job=self._job, properties={"OutputParameters": found})


HANDLER = LambdaHandler()
