"""moto judges bucket policies without their conditions: "deny unless TLS" then denies everything.

Conditional statements are left out of its judgement. The policy is kept whole and can be read back.
"""

from __future__ import annotations

import json
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket


def repair() -> None:
    """Judge by the statements that always hold."""
    FakeBucket.get_permission = _permission  # type: ignore[method-assign, assignment]


def _permission(bucket: FakeBucket, action: str, resource: str) -> Any:
    document = json.loads(bucket.policy) if bucket.policy else {}
    statements = document.get("Statement", [])
    always = [each for each in statements if not each.get("Condition")]
    if not always:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps(document | {"Statement": always})).is_action_permitted(action, resource)
