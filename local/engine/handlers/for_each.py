"""ForEach steps: begin the body's steps for every item, and wait for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.definition.document import Step
from local.definition.expressions import ExpressionError
from local.engine import loops
from local.engine.progress import RAN, Activity, Progress
from local.engine.task import StepTask


class ForEachHandler:
    """Makes the children, which the engine then runs as it runs any step."""

    type = "ForEach"
    not_keyed: tuple[str, ...] | None = None

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """The rules of definitions say what a loop must have; its body's steps are looked at by themselves."""
        del step, arguments
        return []

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the items, and the selector as it stands."""
        arguments = task.step.arguments
        found = loops.items(task.resolve(arguments.get("IterableItems")))
        return {"Items": found, "Selector": arguments.get("Selector")}

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Make the children."""
        return LoopActivity(task.loop(arguments["Items"]), arguments["Selector"])


class LoopActivity:
    """A loop whose children run beside it."""

    def __init__(self, iterations: loops.Iterations, selector: Mapping[str, Any] | None) -> None:
        self._iterations = iterations
        self._selector = selector

    def poll(self) -> Progress:
        """Look how the children stand."""
        found = self._iterations.found
        if not all(record.has_ended for record in found):
            return Progress("Executing", how=RAN)
        failed = [record.name for record in found if record.status == "Failed"]
        incomplete = [record.name for record in found if record.status in ("Stopped", "NotExecuted")]
        status = "Failed" if failed else "Stopped" if incomplete else "Succeeded"
        reasons = {"Failed": f"{', '.join(failed)} failed.", "Stopped": f"{', '.join(incomplete)} did not complete."}
        try:
            properties = loops.properties(self._iterations, status, self._selector)
        except ExpressionError as error:
            return Progress("Failed", str(error), how=RAN)
        return Progress(status, reasons.get(status), how=RAN, properties=properties)

    def stop(self) -> None:
        """The engine stops the children themselves."""


HANDLER = ForEachHandler()
