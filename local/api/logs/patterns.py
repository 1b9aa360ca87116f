"""Filter patterns over plain lines: terms that must, may or must not be in a line."""

from __future__ import annotations

import re
from collections.abc import Callable

from local.api.errors import ServiceError

_TERM = re.compile(r'([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))')


def compile_pattern(text: str) -> Callable[[str], bool]:
    """Return what says whether a line matches: every term in it, one of those with `?`, none of those with `-`."""
    if text.lstrip().startswith(("{", "[", "%")):
        message = "The laptop filters logs by terms only: not by JSON, columns or regular expressions yet."
        raise ServiceError("InvalidParameterException", message)
    terms = [(sign, (quoted or bare).replace('\\"', '"')) for sign, quoted, bare in _TERM.findall(text)]
    required = [term for sign, term in terms if not sign]
    optional = [term for sign, term in terms if sign == "?"]
    excluded = [term for sign, term in terms if sign == "-"]

    def matches(line: str) -> bool:
        return (
            all(term in line for term in required)
            and not any(term in line for term in excluded)
            and (not optional or bool(required) or any(term in line for term in optional))
        )

    return matches
