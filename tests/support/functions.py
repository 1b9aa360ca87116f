"""Small Lambda functions, written and registered."""

from __future__ import annotations

import textwrap
import time
from typing import Any

from local.functions import manifest
from local.functions.manifest import Function
from local.store.store import Store


def register(store: Store, name: str, source: str, **members: Any) -> Function:
    """Write a module with `handler(event, context)` below the home, and register it."""
    file = store.home.root / "code" / name / f"{name}.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(textwrap.dedent(source), encoding="utf-8")
    function = Function(name=name, file=file, handler=f"{name}.handler", **members)
    return manifest.register(store, function, now=time.time())
