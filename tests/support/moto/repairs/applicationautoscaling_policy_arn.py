"""moto gives a scaling policy another ARN each time it is put; the service keeps it."""

from __future__ import annotations

from typing import Any

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend, FakeApplicationAutoscalingPolicy

_plain = ApplicationAutoscalingBackend.put_scaling_policy


def repair() -> None:
    """Keep the ARN of a policy that is there."""
    ApplicationAutoscalingBackend.put_scaling_policy = _put  # type: ignore[method-assign, assignment]


def _put(backend: ApplicationAutoscalingBackend, *args: Any, **members: Any) -> FakeApplicationAutoscalingPolicy:
    before = list(backend.policies.values())
    policy = _plain(backend, *args, **members)
    for each in before:
        if _key(each) == _key(policy):
            policy.policy_arn = each.policy_arn
    return policy


def _key(policy: FakeApplicationAutoscalingPolicy) -> tuple[str, str, str]:
    return policy.policy_name, policy.resource_id, policy.scalable_dimension
