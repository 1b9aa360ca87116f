"""What policies allow, as IAM evaluates them: identity policies of one role, without boundaries and session policies.

Source: IAM User Guide, 'Policy evaluation logic' and 'IAM JSON policy elements: Condition operators'. What this does
not know (an operator, a principal, a policy variable) raises: a guess would be worth nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Statement = Mapping[str, Any]
Context = Mapping[str, "str | Sequence[str]"]

ALLOWED, DENIED, NOT_ALLOWED = "allowed", "denied", "not allowed"


@dataclass(frozen=True)
class Call:
    """One request, as IAM sees it: the action, the ARN of the resource (`*` where there is none), condition keys."""

    action: str
    resource: str = "*"
    context: Context = field(default_factory=dict)


def decision(statements: Iterable[Statement], call: Call) -> str:
    """Return ``allowed``, ``denied`` (a statement says so) or ``not allowed`` (none allows it)."""
    effects = {each["Effect"] for each in statements if applies(each, call)}
    if "Deny" in effects:
        return DENIED
    return ALLOWED if "Allow" in effects else NOT_ALLOWED


def applies(statement: Statement, call: Call) -> bool:
    """Whether a statement is about a call."""
    unknown = set(statement) - {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
    if unknown:
        raise NotImplementedError(f"a statement with {', '.join(sorted(unknown))}")
    return (
        _named(statement, "Action", call.action.lower(), str.lower)
        and _named(statement, "Resource", call.resource, str)
        and all(
            _holds(operator, key, _listed(values), call.context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _named(statement: Statement, element: str, value: str, form: Callable[[str], str]) -> bool:
    if f"Not{element}" in statement:
        return not any(like(value, form(each)) for each in _listed(statement[f"Not{element}"]))
    return any(like(value, form(each)) for each in _listed(statement[element]))


def like(value: str, pattern: str) -> bool:
    """Whether a text fits a pattern in which `*` is any text and `?` any character."""
    if "${" in pattern:
        raise NotImplementedError(f"a policy variable: {pattern}")
    parts = (".*" if each == "*" else "." if each == "?" else re.escape(each) for each in pattern)
    return re.fullmatch("".join(parts), value, re.DOTALL) is not None


def _arn_like(value: str, pattern: str) -> bool:
    """Whether an ARN fits: each of its six parts is compared alone, so that a `*` does not reach over a colon."""
    values, patterns = value.split(":", 5), pattern.split(":", 5)
    return len(values) == len(patterns) == 6 and all(map(like, values, patterns))


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
}
_NEGATED = {"StringNotEquals": "StringEquals", "StringNotLike": "StringLike", "ArnNotEquals": "ArnEquals"}


def _holds(operator: str, key: str, wanted: list[str], context: Context) -> bool:
    found = next((value for name, value in context.items() if name.lower() == key.lower()), None)
    if operator == "Null":
        return str(found is None).lower() in wanted
    quantifier, _, operator = operator.rpartition(":")
    name = operator.removesuffix("IfExists")
    if name not in _OPERATORS and name not in _NEGATED:
        raise NotImplementedError(f"the condition operator {operator}")
    if found is None:
        # ForAllValues holds for no values at all, which is why such a condition needs a `Null` beside it.
        return operator.endswith("IfExists") or quantifier == "ForAllValues" or name in _NEGATED
    values = [_matches(name, value, wanted) for value in _listed(found)]
    if quantifier == "ForAllValues":
        return all(values)
    if quantifier not in ("", "ForAnyValue"):
        raise NotImplementedError(f"the quantifier {quantifier}")
    if not quantifier and len(values) != 1:
        raise NotImplementedError(f"{operator} on {key}, which has several values, without a quantifier")
    return any(values)


def _matches(name: str, value: str, wanted: list[str]) -> bool:
    if name in _NEGATED:
        return not any(_OPERATORS[_NEGATED[name]](value, each) for each in wanted)
    return any(_OPERATORS[name](value, each) for each in wanted)


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, (list, tuple)) else [str(value)]
