"""EndpointConfig steps: which models an endpoint will serve, with which weights."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from local.definition.document import Step
from local.engine.handlers.named import existing_same, named
from local.engine.progress import RAN, Activity, Done, Progress
from local.engine.task import StepTask
from local.registry import endpoint_configs
from local.registry.errors import RegistryError

# Accepted and recorded; nothing on the laptop acts on them.
_IDLE = (
    "CrossRegionTrafficConfig",
    "ExplainerConfig",
    "MetricsConfig",
)
_IDLE_VARIANT = ("AcceleratorType", "CoreDumpConfig", "ManagedInstanceScaling", "RoutingConfig", "ServerlessConfig")


class EndpointConfigHandler:
    """Makes endpoint configurations."""

    type = "EndpointConfig"
    not_keyed: tuple[str, ...] | None = None

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """Name variants that are inference components: they have no model of their own."""
        del step
        variants = arguments.get("ProductionVariants")
        return [
            f"has the variant {variant.get('VariantName')} without a ModelName; inference components are not served."
            for variant in (variants if isinstance(variants, list) else [])
            if isinstance(variant, Mapping) and "ModelName" not in variant
        ]

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the request, with a name as the service makes them where it has none."""
        return named(task, "EndpointConfigName")

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Make the configuration."""
        try:
            found = existing_same(endpoint_configs.find(task.store, arguments["EndpointConfigName"]), arguments)
            made = found or endpoint_configs.create(task.store, arguments, now=time.time())
        except RegistryError as error:
            return Done(Progress("Failed", str(error), how=RAN))
        idle = without_effect(arguments)
        reason = f"Without effect on the laptop: {', '.join(idle)}." if idle else None
        job = {"kind": endpoint_configs.KIND, "name": made.name, "arn": made.arn}
        return Done(Progress("Succeeded", reason, how=RAN, job=job, properties=made.body))


def without_effect(request: Mapping[str, Any]) -> list[str]:
    """Return the members of a CreateEndpointConfig request that do nothing on the laptop."""
    found = [name for name in _IDLE if request.get(name)]
    variants = request.get("ProductionVariants") or ()
    output = (request.get("AsyncInferenceConfig") or {}).get("OutputConfig") or {}
    found += [name for name in ("NotificationConfig",) if output.get(name)]
    return found + [name for name in _IDLE_VARIANT if any(variant.get(name) for variant in variants)]


HANDLER = EndpointConfigHandler()
