"""Retry policies name exceptions that exist and bound their attempts in one way at most."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.document import Step
from local.definition.findings import Json, Where, quote, suggest
from local.definition.rule import Rule, Subject, Wrong

EXCEPTIONS = (
    "Step.SERVICE_FAULT",
    "Step.THROTTLING",
    "SageMaker.JOB_INTERNAL_ERROR",
    "SageMaker.CAPACITY_ERROR",
    "SageMaker.RESOURCE_LIMIT",
)
_RANGES = {
    "BackoffRate": (0, None),
    "IntervalSeconds": (0, 43_200),
    "MaxAttempts": (0, 20),
    "ExpireAfterMin": (0, 14_400),
}


def _check(subject: Subject) -> Iterator[Wrong]:
    for step in subject.steps:
        policies = step.raw.get("RetryPolicies")
        for index, policy in enumerate(policies if isinstance(policies, list) else []):
            yield from _check_policy(step, (*step.where, "RetryPolicies", index), policy)


def _check_policy(step: Step, where: Where, policy: Json) -> Iterator[Wrong]:
    if not isinstance(policy, dict):
        yield Wrong(where, f"A retry policy must be an object, and is {quote(policy)}.", "Write it as an object.")
        return
    exceptions = policy.get("ExceptionType")
    if not isinstance(exceptions, list) or not exceptions:
        message = f"The step {step.name} has a retry policy without a list of ExceptionType."
        yield Wrong((*where, "ExceptionType"), message, f"Name some of {', '.join(EXCEPTIONS)}.")
    for index, name in enumerate(exceptions if isinstance(exceptions, list) else []):
        if name not in EXCEPTIONS:
            message = f"{quote(name)} is not an exception that a step can be retried on."
            yield Wrong((*where, "ExceptionType", index), message, suggest(str(name), EXCEPTIONS, "exception"))
    if policy.get("MaxAttempts") is not None and policy.get("ExpireAfterMin") is not None:
        message = "A retry policy has either MaxAttempts or ExpireAfterMin."
        yield Wrong(where, message, "Give one of the two; without both, MaxAttempts is 5.")
    for name, (least, most) in _RANGES.items():
        yield from _check_number((*where, name), policy.get(name), least, most)


def _check_number(where: Where, value: Json, least: int, most: int | None) -> Iterator[Wrong]:
    if value is None:
        return
    number = not isinstance(value, bool) and isinstance(value, int | float)
    if not number or not value >= least or (most is not None and value > most):
        bounds = f"a number of at least {least}" if most is None else f"a number from {least} to {most}"
        yield Wrong(where, f"{where[-1]} must be {bounds}, and is {quote(value)}.", f"Write {bounds}.")


RULE = Rule(
    id="retry-policies",
    description="Retry policies name known exceptions, with one bound on attempts at most, in the service's ranges.",
    source="SageMaker Developer Guide: Retry Policy for Pipeline Steps",
    check=_check,
)
