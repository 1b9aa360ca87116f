"""The operations of EventBridge that the laptop offers."""

from __future__ import annotations

from local.api.call import Handler
from local.api.events import publishing, rules, targets

OPERATIONS: dict[str, Handler] = {**publishing.OPERATIONS, **rules.OPERATIONS, **targets.OPERATIONS}
