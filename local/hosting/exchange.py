"""One request to a model with its answer, as it is captured and counted."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Exchange:
    """A request and its answer; `moment` is in seconds since 1970, `model_seconds` what the model took of `seconds`."""

    endpoint: str
    config: str
    variant: str
    status: int
    moment: float
    request: bytes = field(default=b"", repr=False)
    request_type: str = ""
    answer: bytes = field(default=b"", repr=False)
    answer_type: str = ""
    inference_id: str | None = None
    custom_attributes: str | None = None
    seconds: float = 0.0
    model_seconds: float = 0.0
    instances: int = 1
