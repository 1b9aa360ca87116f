"""How an update moves requests to the new fleet: the stages of a DeploymentConfig, and what it must not say.

Source: SageMaker Developer Guide, 'Deployment guardrails'; API reference, TrafficRoutingConfig and RollingUpdatePolicy.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

# A laptop's user waits beside it: no stage lasts longer than this, whatever the deployment configuration says.
LONGEST_WAIT_SECONDS = float(os.environ.get("SAGELINE_LONGEST_WAIT_SECONDS", "5"))


@dataclass(frozen=True)
class Stage:
    """A share (0 to 1) of requests goes to the new fleet, for so many seconds."""

    share: float
    seconds: float


def stages(config: Mapping[str, Any] | None, instances: int) -> list[Stage]:
    """Return the stages of an update, the last with everything; `instances` is how many the fleet has."""
    rolling = (config or {}).get("RollingUpdatePolicy")
    policy = (config or {}).get("BlueGreenUpdatePolicy")
    if rolling is not None:
        wait = rolling["WaitIntervalInSeconds"]
        return [_stage(share, wait) for share in _steps(_share(rolling["MaximumBatchSize"], instances))]
    if policy is None:
        return [Stage(1.0, 0.0)]
    routing = policy["TrafficRoutingConfiguration"]
    wait, last = routing["WaitIntervalInSeconds"], policy.get("TerminationWaitInSeconds", 0)
    if routing["Type"] == "CANARY":
        return [_stage(_share(routing["CanarySize"], instances), wait), _stage(Fraction(1), last)]
    if routing["Type"] == "LINEAR":
        found = [_stage(share, wait) for share in _steps(_share(routing["LinearStepSize"], instances))]
        return [*found, _stage(Fraction(1), last)]
    return [_stage(Fraction(1), wait), _stage(Fraction(1), last)]


def alarms(config: Mapping[str, Any] | None) -> list[str]:
    """Return the names of the alarms that roll an update back."""
    given = ((config or {}).get("AutoRollbackConfiguration") or {}).get("Alarms") or ()
    return [alarm["AlarmName"] for alarm in given]


def problems(
    config: Mapping[str, Any],
    variants: Sequence[Mapping[str, Any]],
    before: Sequence[Mapping[str, Any]] = (),
    shadows: int = 0,
) -> list[str]:
    """Name what the service does not take in a DeploymentConfig for the variants of a configuration, as sentences.

    `before` are the variants that the endpoint has now, `shadows` how many shadow variants the new ones have.
    """
    old, new = ([each["VariantName"] for each in those] for those in (before, variants))
    if before and sorted(old) != sorted(new):
        changed = f"the endpoint has {', '.join(old)}, the new configuration {', '.join(new)}."
        return [f"An update with a DeploymentConfig keeps the variants' names: {changed}"]
    rolling, policy = config.get("RollingUpdatePolicy"), config.get("BlueGreenUpdatePolicy")
    instances = min((int(each.get("InitialInstanceCount", 1)) for each in variants), default=1)
    serverless = any("ServerlessConfig" in each for each in variants)
    if rolling is not None and policy is not None:
        return ["Give either BlueGreenUpdatePolicy or RollingUpdatePolicy, not both."]
    if rolling is not None:
        found = _size(rolling, "MaximumBatchSize", 5, 50, instances)
        if len(variants) + shadows > 1 or serverless:
            found.append("A RollingUpdatePolicy takes one variant, and no serverless one.")
        return found
    routing = (policy or {}).get("TrafficRoutingConfiguration", {})
    if routing.get("Type") == "CANARY":
        return _size(routing, "CanarySize", 0, 50, instances)
    if routing.get("Type") == "LINEAR":
        return _size(routing, "LinearStepSize", 10, 50, instances)
    return []


def _size(policy: Mapping[str, Any], member: str, least: int, most: int, instances: int) -> list[str]:
    size = policy.get(member)
    if size is None:
        return [f"The Type {policy.get('Type')} needs a {member}."]
    percent = 100 * Fraction(size["Value"], instances if size["Type"] == "INSTANCE_COUNT" else 100)
    if least <= percent <= most:
        return []
    between = f"{least} to {most} %" if least else f"at most {most} %"
    return [f"{member} is {float(percent):g} % of the variant's instances; it must be {between}."]


def _share(size: Mapping[str, Any], instances: int) -> Fraction:
    return min(Fraction(1), Fraction(size["Value"], instances if size["Type"] == "INSTANCE_COUNT" else 100))


def _steps(step: Fraction) -> list[Fraction]:
    found = [step]
    while found[-1] < 1:
        found.append(min(Fraction(1), found[-1] + step))
    return found


def _stage(share: Fraction, seconds: float) -> Stage:
    return Stage(float(share), min(float(seconds), LONGEST_WAIT_SECONDS))
