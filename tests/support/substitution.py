"""``Fn::Sub`` as CloudFormation carries it out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_REFERENCE = re.compile(r"\$\{(!?)([^{}]*)\}")


def substitute(function: Mapping[str, Any], resolved: Mapping[str, str]) -> str:
    """Return the text of ``{"Fn::Sub": [text, values]}`` with ``resolved`` in the place of the values.

    ``${Name}`` is a reference wherever it stands, ``${!Name}`` is the text ``${Name}``. A reference that the function
    does not list would be a resource of the template, and fails here.
    """
    text, values = function["Fn::Sub"]

    def replacement(match: re.Match[str]) -> str:
        literal, name = match.groups()
        if literal:
            return f"${{{name}}}"
        if name not in values:
            raise LookupError(f"The template has no resource {name}.")
        return resolved[name]

    return _REFERENCE.sub(replacement, text)
