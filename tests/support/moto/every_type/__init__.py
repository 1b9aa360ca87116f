"""A template with a resource of every type that the support makes, in two states: as made, and as changed."""

from __future__ import annotations

from typing import Any

from tests.support.moto.every_type.delivery import delivery
from tests.support.moto.every_type.foundation import foundation
from tests.support.moto.every_type.functions import functions
from tests.support.moto.every_type.messages import messages
from tests.support.moto.every_type.network import network
from tests.support.moto.every_type.sagemaker import sagemaker
from tests.support.moto.every_type.watching import watching

# What a function's code may be here: a zip without files. Nothing runs it.
EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


def template(bucket: str, *, changed: bool = False) -> dict[str, Any]:
    """Return the template; code of functions lies in a bucket, under ``code.zip``."""
    tags = [{"Key": "state", "Value": "changed" if changed else "made"}]
    resources = foundation(tags, changed) | network(tags, changed) | functions(tags, changed, bucket)
    resources |= messages(tags, changed) | sagemaker(tags, changed) | watching(tags, changed)
    resources |= delivery(tags, changed)
    return {"Resources": resources}
