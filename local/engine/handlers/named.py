"""What the step types share that make a resource under a name: the name, and one that is there already."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from local.engine.task import StepTask
from local.store.resources import Resource

_NOT_COMPARED = ("Tags",)


def named(task: StepTask, member: str) -> dict[str, Any]:
    """Return a step's request; a name that it does not give is made as the service makes them."""
    request: dict[str, Any] = task.resolve(task.step.arguments)
    return request if request.get(member) else {**request, member: task.job_name()}


def existing_same(found: Resource | None, request: Mapping[str, Any]) -> Resource | None:
    """Return a resource that the very same request has made before: a step that is taken up again goes on with it."""
    if found is None:
        return None
    wanted = {name: value for name, value in request.items() if name not in _NOT_COMPARED}
    return found if _within(wanted, found.body) else None


def _within(wanted: Any, held: Any) -> bool:
    """Say whether everything wanted stands in what is held, which may hold more: defaults that were filled in."""
    if isinstance(wanted, Mapping):
        return isinstance(held, Mapping) and all(_within(value, held.get(name)) for name, value in wanted.items())
    if isinstance(wanted, list):
        return (
            isinstance(held, list)
            and len(wanted) == len(held)
            and all(_within(one, other) for one, other in zip(wanted, held, strict=True))
        )
    return json.dumps(wanted) == json.dumps(held)
