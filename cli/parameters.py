"""Parameters of a run that stand for settings of the problem file, and are held to the same bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cli.errors import CommandError

if TYPE_CHECKING:
    from config.problem import Problem

SETTINGS = {"MaxTuningJobs": "tuning.max_jobs", "MetricThreshold": "threshold", "Seed": "seed"}
"""The setting that each of these overrides, by its place in the file. The pipeline itself checks types and choices."""


def check(problem: Problem, given: Mapping[str, str]) -> None:
    """Raise CommandError with every parameter whose number the problem could not have either."""
    from pydantic import ValidationError  # noqa: PLC0415 - slow to import

    from config.cross_checks import cross_mistakes  # noqa: PLC0415
    from config.mistakes import from_validation  # noqa: PLC0415

    values = problem.model_dump()
    names = {
        setting: name for name, setting in SETTINGS.items() if name in given and _put(values, setting, given[name])
    }
    try:
        type(problem).model_validate(values)
        return
    except ValidationError as error:
        mistakes = [*from_validation(error, type(problem)), *cross_mistakes(values)]
    found = {each.path: each for each in mistakes if each.path in names}
    lines = [f"  {names[path]}: {each.message} {each.fix}" for path, each in found.items()]
    if lines:
        count = "a mistake" if len(lines) == 1 else f"{len(lines)} mistakes"
        raise CommandError("\n".join([f"The parameters have {count}:", *lines]))


def _put(values: dict[str, Any], setting: str, text: str) -> bool:
    """Put a parameter's number in its place; False for what is no number, and for a setting that is not there."""
    *above, last = setting.split(".")
    for name in above:
        values = values.get(name) or {}
    if last not in values:
        return False
    try:
        values[last] = int(text) if re.fullmatch(r"[+-]?\d{1,30}", text) else float(text)
    except ValueError:
        return False
    return True
