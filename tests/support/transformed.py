"""What EventBridge makes of an event with a target's input transformer.

Source: Amazon EventBridge User Guide, 'Amazon EventBridge input transformation'.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any


def sentence(template: str, paths: Mapping[str, str], event: Mapping[str, Any]) -> str:
    """Return the text that is delivered: a template that is one JSON string, with values of the event put into it."""
    values = {name: str(_at(event, path.removeprefix("$.").split("."))) for name, path in paths.items()}
    text = str(json.loads(template))
    unknown = set(re.findall(r"<([A-Za-z0-9_]+)>", text)) ^ set(values)
    assert not unknown, f"named in the template or as a path, and not as both: {sorted(unknown)}"
    return re.sub(r"<([A-Za-z0-9_]+)>", lambda found: values[found.group(1)], text)


def _at(event: Any, path: list[str]) -> Any:
    for name in path:
        event = event[name]
    return event
