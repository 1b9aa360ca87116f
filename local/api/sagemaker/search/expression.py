"""Search expressions made into one question to ask of each record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from local.api import errors
from local.api.sagemaker.search import filters
from local.api.sagemaker.search.properties import Property, find

Question: TypeAlias = Callable[[Mapping[str, Any]], bool]

MOST_PARTS = 50


def compile_expression(resource: str, given: Mapping[str, Any] | None) -> Question:
    """Return what says whether a record satisfies an expression; without one, every record does.

    Raises:
        ServiceError: ValidationException for an expression that is empty, too large, or asks what cannot be asked.
    """
    if given is None:
        return lambda _: True
    if sum(1 for _ in _parts(given)) > MOST_PARTS:
        raise errors.invalid(f"A SearchExpression holds at most {MOST_PARTS} filters and expressions.")
    return _compile(resource, given)


def _parts(given: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from given.get("Filters") or ()
    for nested in given.get("NestedFilters") or ():
        yield from nested["Filters"]
    for inner in given.get("SubExpressions") or ():
        yield inner
        yield from _parts(inner)


def _compile(resource: str, given: Mapping[str, Any]) -> Question:
    questions = [
        *(_filter(resource, each) for each in given.get("Filters") or ()),
        *(_nested(resource, each) for each in given.get("NestedFilters") or ()),
        *(_compile(resource, each) for each in given.get("SubExpressions") or ()),
    ]
    if not questions:
        raise errors.invalid("A SearchExpression needs at least one filter, nested filter or subexpression.")
    if given.get("Operator", "And") == "Or":
        return lambda record: any(question(record) for question in questions)
    return lambda record: all(question(record) for question in questions)


def _filter(resource: str, given: Mapping[str, Any]) -> Question:
    wanted = _property(resource, given["Name"])
    test = filters.compile_filter(wanted, given)
    return lambda record: test(list(wanted.values(record)))


def _nested(resource: str, given: Mapping[str, Any]) -> Question:
    """Return what says whether one element of a list satisfies all of a nested filter."""
    parent = _property(resource, given["NestedPropertyName"])
    tests = []
    for each in given["Filters"]:
        inner = _property(resource, each["Name"]).below(parent)
        if inner is None:
            raise errors.invalid(f"The nested filter on {each['Name']!r} does not lie below {parent.name!r}.")
        tests.append((inner, filters.compile_filter(inner, each)))

    def question(record: Mapping[str, Any]) -> bool:
        elements = [item for found in parent.values(record) for item in (found if isinstance(found, list) else [found])]
        return any(all(test(list(inner.values(element))) for inner, test in tests) for element in elements)

    return question


def _property(resource: str, name: str) -> Property:
    found = find(resource, name)
    if found is None:
        raise errors.invalid(f"Unknown property name {name!r} for the resource {resource}.")
    return found
