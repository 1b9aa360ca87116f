"""The operations of Lambda that the laptop offers."""

from __future__ import annotations

from local.api.call import Handler
from local.api.functions import describing, invoking, mappings

OPERATIONS: dict[str, Handler] = {**describing.OPERATIONS, **invoking.OPERATIONS, **mappings.OPERATIONS}
