"""Fleets: what serves an endpoint, as its record has it. During an update there are two, which share the requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.hosting.endpoint_state import DEPLOYMENT
from local.store.resources import Resource

# What of an endpoint's record belongs to its fleet, and changes hands with it.
MEMBERS = (
    "EndpointConfigName",
    "ProductionVariants",
    "ShadowProductionVariants",
    "DataCaptureConfig",
    "AsyncInferenceConfig",
)
GREEN = "green"


@dataclass(frozen=True)
class Fleet:
    """The variants of one configuration, each with its weight and ModelName, and what is done beside answering."""

    config: str
    variants: list[dict[str, Any]] = field(default_factory=list)
    shadows: list[dict[str, Any]] = field(default_factory=list)
    capture: Mapping[str, Any] | None = None
    asynchronous: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Fleet:
        """Return the fleet in an endpoint's record, or in what an update keeps there of the new one."""
        deployment = body.get(DEPLOYMENT, {})
        models = deployment.get("models") or {}

        def variants(member: str) -> list[dict[str, Any]]:
            return [
                {**each, "ModelName": models[each["VariantName"]]}
                for each in body.get(member, ())
                if each["VariantName"] in models
            ]

        return cls(
            config=body["EndpointConfigName"],
            variants=variants("ProductionVariants"),
            shadows=variants("ShadowProductionVariants"),
            capture=deployment.get("capture"),
            asynchronous=body.get("AsyncInferenceConfig"),
        )


@dataclass(frozen=True)
class Traffic:
    """Who answers an endpoint's requests: `blue`, and a `share` (0 to 1) of them `green`, where there is one."""

    blue: Fleet
    green: Fleet | None = None
    share: float = 0.0

    @classmethod
    def of(cls, endpoint: Resource) -> Traffic:
        """Return an endpoint's traffic as it is now."""
        green = endpoint.body.get(DEPLOYMENT, {}).get(GREEN)
        if green is None:
            return cls(Fleet.of(endpoint.body))
        return cls(Fleet.of(endpoint.body), Fleet.of(green["body"]), green["share"])

    @property
    def fleets(self) -> list[Fleet]:
        """The fleets whose models are needed."""
        return [self.blue] if self.green is None else [self.blue, self.green]
