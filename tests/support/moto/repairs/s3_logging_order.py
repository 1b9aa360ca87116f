"""moto takes a bucket's logging only once the target's policy admits it; S3 takes it, and delivers once it may.

CloudFormation is free to make the policy last: nothing in a template says otherwise.
"""

from __future__ import annotations

from typing import Any

from moto.s3.models import FakeBucket


def repair() -> None:
    """Admit logging without a look at the target's policy."""
    FakeBucket._log_permissions_enabled_policy = staticmethod(_admitted)  # type: ignore[method-assign,assignment]


def _admitted(**_: Any) -> bool:
    return True
