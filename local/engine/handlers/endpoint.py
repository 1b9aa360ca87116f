"""Endpoint steps: create an endpoint or give it another configuration, and wait until its models answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from local.definition.document import Step
from local.engine.handlers.named import named
from local.engine.progress import RAN, Activity, Done, Progress
from local.engine.task import StepTask
from local.hosting import deployment, endpoint_state, endpoints
from local.jobs.log import note
from local.registry.errors import RegistryError


class EndpointHandler:
    """Brings endpoints into service."""

    type = "Endpoint"
    not_keyed: tuple[str, ...] | None = None

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """Every endpoint can be tried; what its models lack is said by the steps that make them."""
        del step, arguments
        return []

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the request, with a name as the service makes them where it has none."""
        return named(task, "EndpointName")

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Start the deployment."""
        name = arguments["EndpointName"]
        there = endpoint_state.find(task.store, name) is not None
        try:
            change = endpoints.update if there else endpoints.create
            change(task.store, arguments, time.time())
        except RegistryError as error:
            return Done(Progress("Failed", str(error), how=RAN))
        note(task.log, f"{'Updating' if there else 'Creating'} endpoint {name}: its models are loaded and asked.")
        return EndpointActivity(task, arguments)


class EndpointActivity:
    """A step that waits for its endpoint. As in the service, stopping the execution does not stop the deployment."""

    def __init__(self, task: StepTask, arguments: Mapping[str, Any]) -> None:
        name = arguments["EndpointName"]
        self._job = {"kind": endpoint_state.KIND, "name": name, "arn": endpoint_state.endpoint_arn(name)}
        self._work = task.background.run(lambda: deployment.deploy(task.store, name, task.log))

    def poll(self) -> Progress:
        """Report the end once the models have answered, or failed to."""
        if not self._work.done:
            return Progress("Executing", how=RAN, job=self._job)
        try:
            found = self._work.result()
        except (RegistryError, OSError) as error:
            return Progress("Failed", str(error), how=RAN, job=self._job)
        failure = found.body.get("FailureReason")
        if failure:
            kept = " The endpoint goes on with what it served before." if found.status == "InService" else ""
            return Progress("Failed", f"{failure}{kept}", how=RAN, job=self._job)
        return Progress("Succeeded", how=RAN, job=self._job, properties=found.body)

    def stop(self) -> None:
        """Let the deployment end by itself."""


HANDLER = EndpointHandler()
