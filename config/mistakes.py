"""Turns what pydantic finds into sentences with a fix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.errors import Mistake, one_of, suggestion

_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "dict_type": "settings by name",
    "model_type": "settings by name",
    "model_attributes_type": "settings by name",
    "finite_number": "a finite number",
}
_FIXES = {
    "a whole number": "Write digits alone, without quotes.",
    "a number": "Write it without quotes, such as 0.5.",
    "true or false": "Write `true` or `false`, without quotes.",
    "a list": "Write each item on a line of its own after `- `, or all in brackets: [a, b].",
    "settings by name": "Write one `name: value` a line below it, indented.",
    "a finite number": "Write a number such as 0.9.",
}


def from_validation(error: ValidationError, model: type[BaseModel]) -> list[Mistake]:
    """Return every mistake that pydantic found, each place once."""
    found: dict[str, Mistake] = {}
    for detail in error.errors(include_url=False):
        path = _path(detail["loc"])
        found.setdefault(path, _mistake(path, detail, model))
    return list(found.values())


def _path(places: Sequence[int | str]) -> str:
    path = ""
    for place in places:
        if isinstance(place, int):
            path += f"[{place}]"
        elif place not in (
            "int",
            "float",
            "str",
            "[key]",
        ):  # branches that a number or text was tried as; a name itself
            path += f".{place}" if path else place
    return path


def _mistake(path: str, detail: ErrorDetails, model: type[BaseModel]) -> Mistake:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "mistake":
        return Mistake(path, str(context["message"]), str(context["fix"]))
    if kind == "missing":
        return _missing(path, detail, model)
    if kind == "extra_forbidden":
        known = _fields(detail["loc"][:-1], model)
        return Mistake(path, "there is no such setting.", suggestion(str(detail["loc"][-1]), known))
    if kind == "literal_error":
        return _choice(path, value, _fields_choices(detail["loc"], model))
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = f"at least {context['ge']:,}" if "ge" in context else f"at most {context['le']:,}"
        return Mistake(path, f"{value} is out of range.", f"Write a number of {bound}.")
    return _wrong_type(path, kind, value, len(detail["loc"]) > 1 and detail["loc"][-1] in ("int", "float", "str"))


def _missing(path: str, detail: ErrorDetails, model: type[BaseModel]) -> Mistake:
    name = str(detail["loc"][-1])
    description = _owner(detail["loc"][:-1], model).model_fields[name].description or ""
    return Mistake(path, "it is missing.", f"Add `{name}:`. {description}".rstrip())


def _choice(path: str, value: Any, choices: Sequence[str]) -> Mistake:
    written = _shown(value)
    if not isinstance(value, str):
        return Mistake(path, f"{written} is none of the choices.", f"Write {one_of(choices)}.")
    fix = suggestion(value, choices)
    return Mistake(
        path,
        f"{written} is none of the choices.",
        fix if fix.startswith("Write") else f"{fix} (All: {', '.join(choices)})",
    )


def _wrong_type(path: str, kind: str, value: Any, either: bool) -> Mistake:
    wanted = "a number" if either else _WANTED.get(kind, "something else")
    message = f"{_shown(value)} is not {wanted}." if value is not None else f"nothing is written; it is {wanted}."
    if wanted == "text":
        fix = f'Put it in quotes: "{_shown(value, quoted=False)}".' if _is_scalar(value) else "Write one text."
    else:
        fix = _FIXES.get(wanted, "Write one value.")
    return Mistake(path, message, fix)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, bool | int | float)


def _shown(value: Any, quoted: bool = True) -> str:
    if isinstance(value, Mapping):
        return "a group of settings"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    text = text if len(text) <= 60 else text[:60] + "…"
    return f"`{text}`" if quoted else text


def _owner(places: Sequence[int | str], model: type[BaseModel]) -> type[BaseModel]:
    """Return the model that a place within `model` belongs to."""
    for place in places:
        field = model.model_fields.get(str(place))
        inner = field.annotation if field else None
        for candidate in (inner, *getattr(inner, "__args__", ())):
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                model = candidate
    return model


def _fields(places: Sequence[int | str], model: type[BaseModel]) -> list[str]:
    return list(_owner(places, model).model_fields)


def _fields_choices(places: Sequence[int | str], model: type[BaseModel]) -> list[str]:
    field = _owner(places[:-1], model).model_fields[str(places[-1])]
    return list(cast(Any, field.annotation).__args__)
