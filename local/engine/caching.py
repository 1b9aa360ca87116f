"""Takes a step's result from the cache where there is one, and says why or why not."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from local.engine import cache_key, durations, handlers
from local.engine.cache_difference import explain
from local.engine.handlers.interface import Handler
from local.engine.progress import RAN, Activity, Progress
from local.engine.runtime import versions
from local.engine.task import StepTask
from local.jobs.background import Task
from local.jobs.log import note
from local.store.cache import CachedStep
from local.store.objects import ObjectError


def off(step_type: str) -> dict[str, Any]:
    """Return what the record of a step says that was not looked up."""
    handler = handlers.find(step_type)
    cacheable = handler is not None and handler.not_keyed is not None
    reason = "The step has no CacheConfig that is enabled." if cacheable else f"{step_type} steps are never cached."
    return {"result": "off", "source": None, "reason": reason}


@dataclass(frozen=True)
class Lookup:
    """What a look into the cache gave: the result found, or why there is none."""

    key: str
    inputs: dict[str, Any]
    hit: CachedStep | None
    reason: str

    def shown(self) -> dict[str, Any]:
        """Return what the step's record says of it."""
        source = None if self.hit is None else self.hit.execution
        return {"result": "miss" if self.hit is None else "hit", "source": source, "reason": self.reason}


class CachedActivity:
    """A step that looks into the cache first, runs if it must, and leaves its result there."""

    def __init__(self, task: StepTask, handler: Handler, arguments: Mapping[str, Any]) -> None:
        self._task = task
        self._handler = handler
        self._arguments = arguments
        self._lookup: Task[Lookup] = task.background.run(lambda: look_up(task, handler, arguments))
        self._inner: Activity | None = None
        self._final: Progress | None = None
        self._keeping: Task[None] | None = None
        self._stopped = False

    def poll(self) -> Progress:
        """Move on: look, run, keep."""
        if not self._lookup.done:
            return Progress("Starting")
        lookup = self._lookup.result()
        if lookup.hit is not None:
            return _from_cache(lookup, lookup.hit)
        if self._inner is None:
            if self._stopped:
                return Progress("Stopped", "The execution was stopped.", cache=lookup.shown())
            self._inner = self._handler.start(self._task, self._arguments)
        if self._final is None:
            progress = replace(self._inner.poll(), cache=lookup.shown())
            if progress.status != "Succeeded":
                return progress
            self._final = progress
            self._keeping = self._task.background.run(lambda: keep(self._task, lookup, progress))
        assert self._keeping is not None  # noqa: S101 - set together with the final progress
        if not self._keeping.done:
            return replace(self._final, status="Executing")
        self._keeping.result()
        return self._final

    def stop(self) -> None:
        """End the run; a look into the cache is left to end by itself."""
        self._stopped = True
        if self._inner is not None:
            self._inner.stop()


def look_up(task: StepTask, handler: Handler, arguments: Mapping[str, Any]) -> Lookup:
    """Find a usable earlier result, or why there is none; reads and hashes what the step's inputs name."""
    names = {reference.name for reference in task.step.references if reference.kind == "parameter"}
    inputs = {
        "arguments": cache_key.document(arguments, handler.not_keyed or (), task.store.objects),
        "parameters": {name: task.context.parameter(name) for name in sorted(names)},
        "runtime": versions(),
    }
    pipeline, step = task.execution.pipeline, task.step
    key = cache_key.key(pipeline, step.name, step.type, inputs["arguments"], inputs["runtime"])
    found = task.store.cache.get(key)
    if found is None:
        newest = task.store.cache.latest(pipeline, step.name)
        reason = "There is no earlier result." if newest is None else explain(step, newest.inputs, inputs)
        return Lookup(key, inputs, None, reason)
    problem = _expired(task, found) or _damaged(task, found)
    if problem is not None:
        return Lookup(key, inputs, None, problem)
    note(task.log, f"Not run: taken from the cache, the result of {found.execution}.")
    return Lookup(key, inputs, found, "Arguments, inputs and code are those of an earlier result.")


def keep(task: StepTask, lookup: Lookup, progress: Progress) -> None:
    """Leave a step's result in the cache, with the digests that later prove it unchanged."""
    outputs = {}
    for name, uri in (progress.outputs or {}).items():
        digest = task.store.objects.digest(uri)
        outputs[name] = {"uri": uri, "sha256": digest or ""}
    task.store.cache.put(
        CachedStep(
            key=lookup.key,
            execution=task.execution.arn,
            pipeline=task.execution.pipeline,
            step=task.step.name,
            created=time.time(),
            inputs=lookup.inputs,
            outputs=outputs,
            properties=progress.properties or {},
            metrics=progress.metrics or {},
            job=progress.job,
        )
    )


def _expired(task: StepTask, found: CachedStep) -> str | None:
    expiry = task.step.cache.expire_after if task.step.cache is not None else None
    limit = None if expiry is None else durations.seconds(expiry)
    if limit is None or found.created + limit > time.time():
        return None
    return f"The earlier result is older than {expiry}."


def _damaged(task: StepTask, found: CachedStep) -> str | None:
    for name, output in found.outputs.items():
        try:
            digest = task.store.objects.digest(output["uri"])
        except (ObjectError, OSError):
            digest = None
        if (digest or "") != output["sha256"]:
            how = "is gone" if digest is None else "has changed"
            reason = f"Output {name!r} of the earlier result {how} ({output['uri']}); it is forgotten."
            note(task.log, f"Warning: {reason} The step runs again.")
            task.store.cache.evict(found.key)
            return reason
    return None


def _from_cache(lookup: Lookup, hit: CachedStep) -> Progress:
    return Progress(
        "Succeeded",
        how=RAN,
        cache=lookup.shown(),
        job=hit.job,
        outputs={name: output["uri"] for name, output in hit.outputs.items()},
        properties=hit.properties,
        metrics=hit.metrics,
    )
