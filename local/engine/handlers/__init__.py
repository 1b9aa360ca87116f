"""One file per step type. The file of type RegisterModel is `register_model.py`, and holds its HANDLER.

Python keeps some words for itself: the file of type Lambda is `lambda_.py`.
"""

from __future__ import annotations

import importlib
import keyword
import re
from importlib.util import find_spec
from typing import cast

from local.engine.handlers.interface import Handler

_TYPE = re.compile(r"[A-Za-z]{1,64}")
# EMRServerless -> emr_serverless, RegisterModel -> register_model
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_NO_HANDLER = ("checking", "interface", "job", "named", "outputs")


def find(step_type: str) -> Handler | None:
    """Return the handler of a step type, None where there is none. Only what is used is loaded."""
    if not _TYPE.fullmatch(step_type):
        return None
    name = "_".join(_WORD.findall(step_type)).lower()
    path = f"{__name__}.{name}{'_' if keyword.iskeyword(name) else ''}"
    if name in _NO_HANDLER or find_spec(path) is None:
        return None
    handler = cast("Handler", importlib.import_module(path).HANDLER)
    return handler if handler.type == step_type else None
