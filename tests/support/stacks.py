"""Templates as dictionaries: of the bundled development environment, or of one with other settings.

A stack is made with those that it needs and no others, so that asking for one template costs little.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from config import load_environment, load_problem
from config.environment import Environment

Template = dict[str, Any]
PROBLEMS = ("breast_cancer",)
AUTOMATIC = Path(__file__).with_name("problems") / "automatic.yaml"
"""A problem whose model is left to AutoML."""
COMPILED = Path(__file__).with_name("problems") / "compiled.yaml"
"""A problem whose model is compiled."""


def changed(settings: Mapping[str, Any]) -> Environment:
    """Return the development environment with other settings, by path: ``{"data.captured_days": 7}``."""
    values = load_environment("dev").model_dump()
    for path, value in settings.items():
        *parents, name = path.split(".")
        place = values
        for parent in parents:
            place = place[parent]
        place[name] = value
    return Environment.model_validate(values)


def template(stack: str, settings: Mapping[str, Any] | None = None, problems: Sequence[str] = PROBLEMS) -> Template:
    """Return the template of one stack, such as ``data``, of the development environment with other settings."""
    return json.loads(_synthesised(stack, json.dumps(settings or {}, sort_keys=True), tuple(problems)))  # type: ignore[no-any-return]


@cache
def _synthesised(stack: str, settings: str, problems: tuple[str, ...]) -> str:
    from infra.application import new_app  # noqa: PLC0415 - starts Node, which most tests do without
    from infra.platform import Platform  # noqa: PLC0415

    with TemporaryDirectory() as folder:
        app = new_app(outdir=folder)
        platform = Platform(app, changed(json.loads(settings)), [load_problem(name) for name in problems])
        made = getattr(platform, stack)
        if isinstance(made, dict):  # one for each problem
            (made,) = made.values()
        app.synth()
        return Path(folder, f"assembly-{platform.node.id}", made.template_file).read_text(encoding="utf-8")


def resources(template: Template, type_: str) -> dict[str, Any]:
    """Return the resources of a type by their logical ids."""
    return {name: each for name, each in template["Resources"].items() if each["Type"] == type_}


def only(template: Template, type_: str) -> Any:
    """Return the properties of the one resource of a type."""
    (found,) = resources(template, type_).values()
    return found.get("Properties", {})


def properties(template: Template, type_: str, start: str) -> Any:
    """Return the properties of the one resource of a type whose logical id starts so."""
    (found,) = [each for name, each in resources(template, type_).items() if name.startswith(start)]
    return found.get("Properties", {})


def statements(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a policy document's named statements by their names."""
    return {each["Sid"]: each for each in document["Statement"] if "Sid" in each}


def actions(document: Mapping[str, Any]) -> set[str]:
    """Return every action that a policy document allows."""
    allowed: set[str] = set()
    for each in document["Statement"]:
        if each["Effect"] == "Allow":
            allowed |= set(listed(each["Action"]))
    return allowed


def listed(value: Any) -> Iterable[Any]:
    """Return what may be written alone or as a list, as a list."""
    return value if isinstance(value, list) else [value]
