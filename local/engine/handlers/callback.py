"""Callback steps: a message with a token goes to a queue, and the step waits until somebody answers the token.

Source: SageMaker Developer Guide, 'Callback step' and its 'Stopping behavior'.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.definition.document import Step
from local.engine.handlers import outputs
from local.engine.progress import EMULATED, RAN, Activity, Done, Progress
from local.engine.task import StepTask
from local.functions import queues
from local.functions.wake import wake
from local.jobs.log import note
from local.registry import callbacks, compilation_jobs
from local.store.resources import Resource

STEP_SECONDS = 7 * 24 * 3600.0
"""How long a Callback step may wait. Source: Amazon SageMaker endpoints and quotas, Pipelines."""

_WAKE_SECONDS = 1.0
_STANDS_IN = "Sageline's own compiler stands in for Neo"


class CallbackHandler:
    """Sends the message and waits. Its results are not cached: the service caches other step types."""

    type = "Callback"
    not_keyed: tuple[str, ...] | None = None

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """The step must say where its message goes."""
        del arguments
        return [] if step.settings.get("SqsQueueUrl") else ["has no SqsQueueUrl; name the queue of its message."]

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the queue's URL and what goes into the message."""
        return {
            "SqsQueueUrl": str(task.resolve(task.step.settings.get("SqsQueueUrl"))),
            "Arguments": task.resolve(task.step.arguments),
        }

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Send the message, or go on waiting where an engine that died had sent it."""
        try:
            return CallbackActivity(task, arguments)
        except queues.QueueNameError as error:
            return Done(Progress("Failed", f"{task.step.name} cannot send its message: {error}"))


class CallbackActivity:
    """A step that waits at its token."""

    def __init__(self, task: StepTask, arguments: Mapping[str, Any]) -> None:
        self._task = task
        self._message = {
            "token": "",
            "pipelineExecutionArn": task.execution.arn,
            "arguments": arguments["Arguments"],
        }
        self._url = arguments["SqsQueueUrl"]
        self._stopping = False
        self._taken_back = False
        self._woken = 0.0
        with task.store.database.transaction():
            self._queue = queues.ensure(task.store, self._url, now=time.time())
            found = self._open() or self._ask()
        self._token = found.name
        self._sent = str(found.body["message"])
        self._message["token"] = found.name
        self._deadline = found.created + STEP_SECONDS

    def poll(self) -> Progress:
        """Look whether the token was answered."""
        found = self._task.store.resources.get(callbacks.KIND, self._token)
        if found is None:
            return self._progress("Failed", f"The token of {self._task.step.name} is gone from the home.")
        if found.status != callbacks.WAITING:
            return self._answered(found)
        if time.time() > self._deadline:
            self._close()
            return self._progress("Failed", f"Nobody answered the callback within {STEP_SECONDS / 86400:g} days.")
        if self._taken_back:
            self._close()
            return self._progress("Stopped", "The execution was stopped before anybody received the callback.")
        self._see_to_delivery()
        return self._progress("Stopping" if self._stopping else "Executing")

    def stop(self) -> None:
        """Ask whoever has the message to come to an end: as in the service, the step waits for that answer."""
        if self._stopping:
            return
        self._stopping = True
        # Nobody will answer a message that nobody has received. (The service would wait for seven days.)
        self._taken_back = self._task.store.messages.take_back(self._sent)
        if not self._taken_back:
            note(self._task.log, "Stopping: the step waits until its callback is answered.")
            self._send("Stopping")

    def _open(self) -> Resource | None:
        """Return the step's token that no engine has dealt with, answered or not."""
        for found in self._task.store.resources.list(callbacks.KIND):
            asked = (found.body["execution"], found.body["step"])
            if asked == (self._task.execution.arn, self._task.step.name) and found.status != callbacks.CLOSED:
                note(self._task.log, f"Goes on waiting with the token {found.name}.")
                return found
        return None

    def _ask(self) -> Resource:
        """Open a token and send it, in one write: there is no token without its message."""
        task, now = self._task, time.time()
        token = callbacks.open_token(task.store, task.execution.arn, task.step.name, now=now)
        self._message["token"] = token.name
        body = {**token.body, "message": self._send("Executing")}
        note(task.log, f"Sent the token {token.name} to {self._url}.")
        return task.store.resources.put(token.kind, token.name, token.arn, body, now=now, status=token.status)

    def _send(self, status: str) -> str:
        text = json.dumps({**self._message, "status": status})
        return self._task.store.messages.send(self._queue.arn, text, now=time.time())

    def _answered(self, found: Resource) -> Progress:
        self._close()
        if found.status != callbacks.SUCCEEDED:
            status = "Stopped" if self._stopping else "Failed"
            return self._progress(status, str(found.body.get("reason")))
        try:
            given = outputs.read(self._task.step, found.body.get("outputs"))
        except outputs.OutputError as error:
            return self._progress("Failed", str(error))
        # Addresses that the answer gives are told with the step's outputs, as those that jobs write are.
        addresses = {name: value for name, value in given.items() if str(value).startswith("s3://")}
        done = replace(self._progress("Succeeded", properties={"OutputParameters": given}), outputs=addresses)
        compiled = compilation_jobs.made(self._task.store, given.values())
        if compiled is None:
            return done
        return replace(done, how=EMULATED, reason=f"{_STANDS_IN}: it ran {compiled}.")

    def _close(self) -> None:
        """Let go of the token: the step's next attempt asks with another."""
        callbacks.close(self._task.store, self._token, now=time.time())

    def _see_to_delivery(self) -> None:
        """Start what delivers the queue's messages to its function, also where it died in the meantime."""
        if time.monotonic() - self._woken > _WAKE_SECONDS:
            self._woken = time.monotonic()
            wake(self._task.store)

    def _progress(self, status: str, reason: str | None = None, properties: dict[str, Any] | None = None) -> Progress:
        job = {"kind": "Callback", "name": self._token, "arn": self._queue.arn, "url": self._url}
        return Progress(status, reason, how=RAN, job=job, properties=properties)


HANDLER = CallbackHandler()
