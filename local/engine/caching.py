"""Takes a step's result from the cache where there is one, and says why or why not."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from local.definition.durations import parse_duration
from local.engine import cache_key, handlers, service_cache
from local.engine.cache_difference import explain, explain_request
from local.engine.handlers.interface import Handler
from local.engine.progress import RAN, Activity, Progress
from local.engine.runtime import runtime_of
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

    keys: tuple[str, ...]
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
    attributes = service_cache.request(task.step.type, arguments)
    inputs: dict[str, Any] = {
        "arguments": cache_key.document(arguments, handler.not_keyed or (), task.store.objects),
        "parameters": {name: task.context.parameter(name) for name in sorted(names)},
        "request": attributes,
        "runtime": runtime_of(arguments),
    }
    pipeline, step = task.execution.pipeline, task.step
    keys = [cache_key.key(pipeline, step.name, step.type, inputs["arguments"], inputs["runtime"])]
    if attributes is not None:
        keys.append(service_cache.key(pipeline, step.name, step.type, attributes))
    by_service = task.execution.body.get(service_cache.MEMBER) == service_cache.SERVICE
    hit, reason = _by_request(task, keys, inputs) if by_service else _by_content(task, keys, inputs)
    if hit is not None:
        note(task.log, f"Not run: taken from the cache, the result of {hit.execution}.")
    return Lookup(tuple(keys), inputs, hit, reason)


def _by_content(task: StepTask, keys: Sequence[str], inputs: dict[str, Any]) -> tuple[CachedStep | None, str]:
    """Look by the bytes of what went in; say where AWS, which looks at the request alone, would answer otherwise."""
    found = task.store.cache.get(keys[0])
    newest = task.store.cache.latest(task.execution.pipeline, task.step.name)
    there = _not_expired(task, keys[1]) if len(keys) > 1 else None
    if found is None:
        reason = "There is no earlier result." if newest is None else explain(task.step, newest.inputs, inputs)
    else:
        reason = _expired(task, found) or _damaged(task, found) or ""
    if reason:
        aws = f"{reason} AWS would take this from its cache: same request, whatever lies at its addresses."
        return None, reason if there is None else aws
    reason = "Arguments, inputs and code are those of an earlier result."
    if there is None and len(keys) > 1 and found is not None and found.inputs.get("request") is not None:
        reason += f" AWS would run this again: {explain_request(task.step, found.inputs, inputs)}"
    return found, reason


def _by_request(task: StepTask, keys: Sequence[str], inputs: dict[str, Any]) -> tuple[CachedStep | None, str]:
    """Look as the service does, and say what the comparison by content would have said."""
    if len(keys) == 1:
        return None, f"The service does not cache steps of type {task.step.type}."
    found = task.store.cache.get(keys[1])
    newest = task.store.cache.latest(task.execution.pipeline, task.step.name)
    if found is None:
        earlier = newest is not None and newest.inputs.get("request") is not None
        known = explain_request(task.step, newest.inputs, inputs) if newest is not None and earlier else None
        return None, known or "There is no earlier result."
    expired = _expired(task, found)
    if expired is not None:
        return None, expired
    reason = "The request is that of an earlier result; as in the service, what lies at its addresses is not compared."
    if cached_differs(found.inputs, inputs):
        reason += f" By content it would run again: {explain(task.step, found.inputs, inputs)}"
    return found, reason


def cached_differs(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Say whether what went in differs by content."""
    return any(before.get(name) != now.get(name) for name in ("arguments", "runtime"))


def keep(task: StepTask, lookup: Lookup, progress: Progress) -> None:
    """Leave a step's result in the cache, with the digests that later prove it unchanged."""
    outputs = {}
    for name, uri in (progress.outputs or {}).items():
        digest = task.store.objects.digest(uri)
        outputs[name] = {"uri": uri, "sha256": digest or ""}
    for key in lookup.keys:
        task.store.cache.put(
            CachedStep(
                key=key,
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


def _not_expired(task: StepTask, key: str) -> CachedStep | None:
    found = task.store.cache.get(key)
    return None if found is None or _expired(task, found) is not None else found


def _expired(task: StepTask, found: CachedStep) -> str | None:
    expiry = task.step.cache.expire_after if task.step.cache is not None else None
    limit = None if expiry is None else parse_duration(expiry).total_seconds()
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
