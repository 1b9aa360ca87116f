"""An endpoint whose updates are watched, and go back where an alarm goes off."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from config.serving_checks import STARTING_SECONDS, update_seconds
from config.settings.serving import Endpoint, Update

_STEPS = {"all_at_once": "ALL_AT_ONCE", "canary": "CANARY", "linear": "LINEAR"}


class GuardedEndpoint(sagemaker.CfnEndpoint):
    """An endpoint that keeps its name, and is updated whenever its configuration has another one."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, configuration: str, endpoint: Endpoint, alarms: Sequence[str]
    ) -> None:
        kept = _kept(endpoint)
        super().__init__(
            scope,
            id_,
            deployment_config=_deployment(endpoint, alarms),
            endpoint_config_name=configuration,
            endpoint_name=name,
            exclude_retained_variant_properties=[
                sagemaker.CfnEndpoint.VariantPropertyProperty(variant_property_type=each)
                for each in ("DesiredInstanceCount", "DesiredWeight")
                if each not in kept
            ]
            if kept
            else None,
            retain_all_variant_properties=bool(kept),
        )


def _kept(endpoint: Endpoint) -> set[str]:
    """Return what an update leaves as it is.

    The instances of variants that scale: a new model gets as many as the requests of that hour need. Of others the
    settings hold, or a change to them would not change anything.
    """
    kept = set()
    if endpoint.serverless is None:
        if any(each.scaling is not None for each in endpoint.variants.values()):
            kept.add("DesiredInstanceCount")
        if endpoint.keep_weights:
            kept.add("DesiredWeight")
    return kept


def _deployment(endpoint: Endpoint, alarms: Sequence[str]) -> sagemaker.CfnEndpoint.DeploymentConfigProperty | None:
    """Return how requests move; None where the service has but one way, as for serverless endpoints."""
    update = endpoint.update
    if not alarms:
        return None
    return sagemaker.CfnEndpoint.DeploymentConfigProperty(
        auto_rollback_configuration=sagemaker.CfnEndpoint.AutoRollbackConfigProperty(
            alarms=[sagemaker.CfnEndpoint.AlarmProperty(alarm_name=each) for each in alarms]
        ),
        blue_green_update_policy=sagemaker.CfnEndpoint.BlueGreenUpdatePolicyProperty(
            maximum_execution_timeout_in_seconds=update_seconds(update) + STARTING_SECONDS,
            termination_wait_in_seconds=update.keep_old_seconds,
            traffic_routing_configuration=_traffic(update),
        ),
    )


def _traffic(update: Update) -> sagemaker.CfnEndpoint.TrafficRoutingConfigProperty:
    size = sagemaker.CfnEndpoint.CapacitySizeProperty(type="CAPACITY_PERCENT", value=update.step_percent)
    return sagemaker.CfnEndpoint.TrafficRoutingConfigProperty(
        canary_size=size if update.traffic == "canary" else None,
        linear_step_size=size if update.traffic == "linear" else None,
        type=_STEPS[update.traffic],
        wait_interval_in_seconds=update.wait_seconds,
    )
