"""Which instance types take a key for their volume."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Local NVMe storage is encrypted by the host, and the service refuses a key for it. A "d" among the letters behind the
# generation marks it (m5d, m6gd, g4dn); some accelerated families have it without saying so.
_LOCAL_STORAGE = re.compile(
    r"ml\.([a-z]+\d+[a-z]*d[a-z]*|g5|g6|g6e|p4de|p5[a-z]*|p6-[a-z0-9]+|trn\d[a-z]*|i\d[a-z]*)\."
)


def has_local_storage(instance_type: str) -> bool:
    """Say whether an instance type brings NVMe storage of its own."""
    return _LOCAL_STORAGE.match(instance_type) is not None


def volume_key(key: str, instance_types: Iterable[str]) -> str | None:
    """Return the key for the volume of a job that may run on any of the types, or None where one of them takes none."""
    return None if any(has_local_storage(each) for each in instance_types) else key
