"""The operations of SQS that the laptop offers."""

from __future__ import annotations

from local.api.call import Handler
from local.api.sqs import attributes, messages

OPERATIONS: dict[str, Handler] = {**attributes.OPERATIONS, **messages.OPERATIONS}
