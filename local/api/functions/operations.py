"""The operations of Lambda that the laptop offers."""

from __future__ import annotations

from local.api.call import Handler
from local.api.functions import creating, describing, invoking, mappings

OPERATIONS: dict[str, Handler] = {
    **creating.OPERATIONS,
    **describing.OPERATIONS,
    **invoking.OPERATIONS,
    **mappings.OPERATIONS,
}
