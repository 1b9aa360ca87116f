"""The operations of S3 that the laptop offers, gathered from their files."""

from __future__ import annotations

from local.api.call import Handler
from local.api.s3 import buckets, listing, multipart, reading, writing

OPERATIONS: dict[str, Handler] = {
    name: handler
    for module in (buckets, listing, reading, writing, multipart)
    for name, handler in module.OPERATIONS.items()
}
