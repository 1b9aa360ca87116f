"""Model steps: a model record that endpoints and transform jobs serve."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from local.definition.document import Step
from local.engine.handlers.named import existing_same, named
from local.engine.progress import RAN, Activity, Done, Progress
from local.engine.task import StepTask
from local.hosting import containers
from local.registry import models
from local.registry.errors import RegistryError


class ModelHandler:
    """Makes models."""

    type = "Model"
    not_keyed: tuple[str, ...] | None = None

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """Name what is wrong; a model that cannot be served is one all the same, unless a step serves it."""
        del step
        return containers.problems(arguments)

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the request, with a name as the service makes them where it has none."""
        return named(task, "ModelName")

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Make the model; the same attempt makes it once, however often it is started."""
        try:
            found = existing_same(models.find(task.store, arguments["ModelName"]), arguments)
            made = found or models.create(task.store, arguments, now=time.time())
        except RegistryError as error:
            return Done(Progress("Failed", str(error), how=RAN))
        job = {"kind": models.KIND, "name": made.name, "arn": made.arn}
        reason = " ".join(f"The model is recorded; it {problem}" for problem in containers.unserved(arguments))
        return Done(Progress("Succeeded", reason or None, how=RAN, job=job, properties=made.body))


HANDLER = ModelHandler()
