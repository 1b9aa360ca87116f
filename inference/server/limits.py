"""What the server allows its clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

_MIB = 1 << 20
SECONDS = "SAGELINE_REQUEST_SECONDS"


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds. The defaults are those of real-time endpoints."""

    body: int = 6 * _MIB
    """The longest body of a request, and of an answer."""
    held: int = 64 * _MIB
    """What the bodies of all requests may take at once."""
    small: int = 64 << 10
    """Bodies up to this are answered in one go; of the others one at a time is worked on."""
    waiting: int = 512
    """Requests that may wait for their turn; more are told to come again."""
    waiting_large: int = 8
    head: int = 64 << 10
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    write_seconds: float = 30.0
    keep_alive_seconds: float = 75.0
    """Longer than load balancers keep theirs, so that none meets a connection that is just being closed."""
    drain_seconds: int = 25
    """SageMaker kills a container 30 seconds after SIGTERM."""
    round_seconds: float = 0.005
    """How long the answers of one round of the event loop may take together; in a flood of requests up to ten times."""


class LimitsError(ValueError):
    """A limit in the environment is none; the text is a whole sentence."""


def limits_of(environment: Mapping[str, str]) -> Limits:
    """The limits in a container's environment: batch transform sends longer bodies, and says how long.

    Source: SageMaker Developer Guide, 'Use Your Own Inference Code with Batch Transform'. How long the head and the
    body of a request may be on their way is in SAGELINE_REQUEST_SECONDS; raises LimitsError where that is no time.
    """
    limits = _sized(environment)
    text = environment.get(SECONDS)
    if text is None:
        return limits
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise LimitsError(f"{SECONDS} is {text!r}, and not a number of seconds above 0; leave it out for the default.")
    return replace(limits, head_seconds=seconds, body_seconds=seconds)


def _sized(environment: Mapping[str, str]) -> Limits:
    if environment.get("SAGEMAKER_BATCH", "").lower() != "true":
        return Limits()
    most = environment.get("SAGEMAKER_MAX_PAYLOAD_IN_MB", "")
    body = int(most) * _MIB if most.isdecimal() and 0 < int(most) <= 100 else 6 * _MIB
    return Limits(body=body, held=max(2 * body, Limits.held))
