"""The page of all settings, made from the models that read them.

Run ``python -m config.reference > docs/configuration.md`` to bring the page up to date.
"""

from __future__ import annotations

import sys
import types
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config.environment import Environment
from config.loading import ENVIRONMENTS, PROBLEMS
from config.problem import Problem

_HEAD = """# Configuration

Two kinds of YAML file say everything: a **problem** says what to predict and how good is good enough, an
**environment** says where pipelines run. Both are read whole before anything starts, and every mistake is listed at
once, with its place and its fix. Unknown settings are mistakes. `yes`, `no` and dates are text; a number or `true`
meant as text stands in quotes.

This page is made from the code that reads the files.
"""


def markdown() -> str:
    """Return the page."""
    return "\n".join([_HEAD, *_part("Problem", Problem, "problem"), *_part("Environment", Environment, "environment")])


def _part(title: str, model: type[BaseModel], what: str) -> list[str]:
    folder, example = (PROBLEMS, "breast_cancer") if what == "problem" else (ENVIRONMENTS, "dev")
    return [
        f"## {title}",
        "",
        f"`config/{what}s/NAME.yaml`, or any file that is named on the command line.",
        "",
        *_table(model),
        f"For example, `config/{what}s/{example}.yaml`:",
        "",
        "```yaml",
        (folder / f"{example}.yaml").read_text(encoding="utf-8").rstrip(),
        "```",
        "",
    ]


def _table(model: type[BaseModel]) -> list[str]:
    rows = [
        f"| `{path}` | {kind} | {default} | {description} |" for path, kind, default, description in _rows(model, "")
    ]
    return ["| setting | type | default | meaning |", "| --- | --- | --- | --- |", *rows, ""]


def _rows(model: type[BaseModel], prefix: str) -> list[tuple[str, str, str, str]]:
    rows = []
    for name, field in model.model_fields.items():
        inner = _inner(field.annotation)
        if inner is not None:
            named = ".NAME" if get_origin(field.annotation) is dict else ""
            inside = _rows(inner, f"{prefix}{name}{named}.")
            rows.extend(_if_given(inside, prefix + name) if field.default is None else inside)
        else:
            rows.append(
                (prefix + name, _type(field.annotation), _default(prefix + name, field), field.description or "")
            )
    return rows


def _if_given(rows: list[tuple[str, str, str, str]], owner: str) -> list[tuple[str, str, str, str]]:
    """Say of what settings are required that may be left out with all that is in them."""
    return [
        (path, kind, f"required in `{owner}`" if default == "required" else default, description)
        for path, kind, default, description in rows
    ]


def _inner(annotation: Any) -> type[BaseModel] | None:
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{choice}`" for choice in arguments)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_type(each) for each in arguments if each is not type(None)))
    if origin is tuple:
        return "list of texts" if arguments[0] is str or hasattr(arguments[0], "__metadata__") else "list of values"
    if origin is dict:
        return f"{_types(arguments[1])} by name"
    if hasattr(annotation, "__metadata__"):
        return _type(annotation.__origin__)
    return {str: "text", int: "whole number", float: "number", bool: "true or false"}[annotation]


def _types(annotation: Any) -> str:
    """Return what there are several of."""
    if get_origin(annotation) is dict:
        return "settings"
    return {"text": "texts", "list of values": "lists"}.get(_type(annotation), "numbers")


def _default(path: str, field: FieldInfo) -> str:
    if path == "name":
        return "the file's name"
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True)
    if default is None or default in ((), {}):
        return "none"
    if isinstance(default, tuple):
        return ", ".join(f"`{each}`" for each in default)
    return f"`{default}`"


if __name__ == "__main__":
    sys.stdout.write(markdown())
