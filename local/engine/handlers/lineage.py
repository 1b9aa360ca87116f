"""Lineage steps: their entities get ARNs, which other steps can read; nothing follows them on a laptop.

Source: the SageMaker Python SDK's `LineageStep`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.definition.document import Step
from local.engine.progress import NO_EFFECT, Activity, Done, Progress
from local.engine.task import StepTask
from local.store.names import arn

# Member of the arguments -> the entity's name, its type and the property that holds the ARNs.
_ENTITIES = {
    "Actions": ("ActionName", "Action", "ActionArns"),
    "Artifacts": ("ArtifactName", "Artifact", "ArtifactArns"),
    "Contexts": ("ContextName", "Context", "ContextArns"),
}


class LineageHandler:
    """Names the entities."""

    type = "Lineage"
    not_keyed: tuple[str, ...] | None = None

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """The rules of definitions hold the entities against their requests."""
        del step, arguments
        return []

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the entities and their associations."""
        resolved: dict[str, Any] = task.resolve(task.step.arguments)
        return resolved

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Give every entity its ARN."""
        del task
        properties: dict[str, Any] = {}
        known: dict[tuple[str, str], str] = {}
        for member, (name, kind, result) in _ENTITIES.items():
            names = [str(entry.get(name)) for entry in arguments.get(member) or []]
            properties[result] = {each: arn(f"{kind.lower()}/{each}") for each in names}
            known.update({(kind, each): found for each, found in properties[result].items()})
        try:
            properties["Associations"] = [
                {"SourceArn": _end(entry, "Source", known), "DestinationArn": _end(entry, "Destination", known)}
                for entry in arguments.get("Associations") or []
            ]
        except LookupError as error:
            return Done(Progress("Failed", str(error.args[0]), how=NO_EFFECT))
        return Done(Progress("Succeeded", how=NO_EFFECT, properties=properties))


def _end(association: Mapping[str, Any], side: str, known: Mapping[tuple[str, str], str]) -> str:
    reference = association.get(side) or {}
    if "Arn" in reference:
        return str(reference["Arn"])
    wanted = (str(reference.get("Type")), str(reference.get("Name")))
    if wanted not in known:
        message = f"An association's {side} names the {wanted[0]} {wanted[1]!r}, which the step does not create."
        raise LookupError(message)
    return known[wanted]


HANDLER = LineageHandler()
