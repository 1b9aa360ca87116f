"""Reads the members that steps and definitions have in common, noting what is not of its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from local.definition.document import TRIGGERS, CacheConfig, Parameter, PropertyFile
from local.definition.findings import Finding, Json, Where, quote, show, subject


@dataclass
class Notes:
    """The findings of one reading."""

    findings: list[Finding] = field(default_factory=list)

    def wrong(self, where: Where, message: str, fix: str, step: str | None = None) -> None:
        """Notes one thing; `message` goes on after the member's name."""
        message = f"{subject(where)} {message}"
        self.findings.append(Finding("structure", show(where, step), message, fix, where=where))

    def list_at(self, holder: Mapping[str, Json], key: str, where: Where, step: str | None = None) -> list[Json]:
        """A member that must be a list; an absent one is empty."""
        value = holder.get(key)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        self.wrong((*where, key), f"must be a list, and is {quote(value)}.", "Write it as a JSON list.", step)
        return []

    def text_at(self, holder: Mapping[str, Json], key: str, where: Where, step: str | None = None) -> str | None:
        """A member that must be text when it is there."""
        value = holder.get(key)
        if value is None or isinstance(value, str):
            return value
        self.wrong((*where, key), f"must be text, and is {quote(value)}.", "Write it as a JSON string.", step)
        return None


def read_parameters(document: Mapping[str, Json], notes: Notes) -> dict[str, Parameter]:
    """Reads the definition's Parameters."""
    found: dict[str, Parameter] = {}
    for index, item in enumerate(notes.list_at(document, "Parameters", ())):
        where: Where = ("Parameters", index)
        name = item.get("Name") if isinstance(item, dict) else None
        if not isinstance(name, str) or not name:
            notes.wrong(where, "has no Name.", 'Write it as {"Name": …, "Type": …, "DefaultValue": …}.')
        elif name in found:
            notes.wrong(where, f"repeats the parameter {quote(name)}.", "Rename or remove one of the two.")
        else:
            found[name] = Parameter(
                name=name,
                type=notes.text_at(item, "Type", where) or "String",
                default=item.get("DefaultValue"),
                enum=tuple(notes.list_at(item, "EnumValues", where)),
                description=notes.text_at(item, "Description", where) or "",
                where=where,
            )
    return found


def read_depends_on(item: Mapping[str, Json], where: Where, step: str, notes: Notes) -> dict[str, str]:
    """Reads a step's DependsOn: names, or objects with a trigger."""
    found: dict[str, str] = {}
    for index, entry in enumerate(notes.list_at(item, "DependsOn", where, step)):
        place = (*where, "DependsOn", index)
        name, trigger = entry, "Completed"
        if isinstance(entry, dict):
            name, trigger = entry.get("Step"), entry.get("Trigger", "Completed")
        if not isinstance(name, str) or not name:
            fix = 'Write it as "StepName" or {"Step": "StepName", "Trigger": "Failed"}.'
            notes.wrong(place, f"must name a step, and is {quote(entry)}.", fix, step)
        elif trigger not in TRIGGERS:
            fix = f"Use one of {', '.join(TRIGGERS)}."
            notes.wrong((*place, "Trigger"), f"cannot be {quote(trigger)}.", fix, step)
        else:
            found[name] = trigger
    return found


def read_property_files(item: Mapping[str, Json], where: Where, step: str, notes: Notes) -> dict[str, PropertyFile]:
    """Reads a step's PropertyFiles."""
    found: dict[str, PropertyFile] = {}
    for index, entry in enumerate(notes.list_at(item, "PropertyFiles", where, step)):
        place = (*where, "PropertyFiles", index)
        name = entry.get("PropertyFileName") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not name:
            fix = "Give it a PropertyFileName, an OutputName and a FilePath."
            notes.wrong(place, "has no PropertyFileName.", fix, step)
        elif name in found:
            notes.wrong(place, f"repeats the property file {quote(name)}.", "Rename or remove one of the two.", step)
        else:
            output = notes.text_at(entry, "OutputName", place, step)
            path = notes.text_at(entry, "FilePath", place, step)
            found[name] = PropertyFile(name, output or "", path or "")
    return found


def read_cache(item: Mapping[str, Json], where: Where, step: str, notes: Notes) -> CacheConfig | None:
    """Reads a step's CacheConfig."""
    config = item.get("CacheConfig")
    if config is None:
        return None
    place = (*where, "CacheConfig")
    enabled = config.get("Enabled", False) if isinstance(config, dict) else None
    if not isinstance(enabled, bool):
        fix = 'Write it as {"Enabled": true, "ExpireAfter": "P30D"}.'
        notes.wrong(place, "must be an object whose Enabled is true or false.", fix, step)
        return None
    return CacheConfig(enabled, notes.text_at(config, "ExpireAfter", place, step))
