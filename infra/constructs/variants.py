"""The models and the configuration of an endpoint: CloudFormation names them, and replaces them when they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from config.settings.serving import SHADOW_VARIANT, Endpoint, Serverless, Variant
from infra.compliance.acknowledge import acknowledge

_CSV, _JSON = ["text/csv"], ["application/json"]
_IN_THE_OPEN = (
    "The environment's settings say so, in as many words: a serverless endpoint can be neither isolated nor in the "
    "network. What its container may call is then what its role may."
)


@dataclass(frozen=True)
class Hosting:
    """Where and as whom an endpoint's containers run.

    Attributes:
        role: The ARN of the role that fetches the model and writes what is captured.
        subnets: Private subnets, one a zone.
        security_group: That of hosted models.
        volume_key: The ARN of the key of the instances' disks.
        default_type: The instance type of variants that name none.
    """

    role: str
    subnets: Sequence[str]
    security_group: str
    volume_key: str
    default_type: str


@dataclass(frozen=True)
class Stores:
    """Where an endpoint keeps what it is asked and what it answers.

    Attributes:
        captured: The address below which requests are captured.
        captured_key: The ARN of its key.
        answers: The address below which an asynchronous endpoint answers.
        answers_key: The ARN of its key.
        topics: The ARNs of the topics of its answers and of its failures; none where nobody is told.
    """

    captured: str
    captured_key: str
    answers: str
    answers_key: str
    topics: tuple[str, str] | None = None


class HostedModel(sagemaker.CfnModel):
    """A model made of a registered package, which holds its image, its archive and its container's settings."""

    def __init__(self, scope: Construct, id_: str, *, package: str, endpoint: Endpoint, hosting: Hosting) -> None:
        vpc = sagemaker.CfnModel.VpcConfigProperty(
            security_group_ids=[hosting.security_group], subnets=list(hosting.subnets)
        )
        super().__init__(
            scope,
            id_,
            containers=[sagemaker.CfnModel.ContainerDefinitionProperty(model_package_name=package)],
            enable_network_isolation=endpoint.network_isolation,
            execution_role_arn=hosting.role,
            vpc_config=vpc if endpoint.vpc else None,
        )
        if not (endpoint.vpc and endpoint.network_isolation):
            acknowledge(self, "models_are_isolated_and_in_the_network", _IN_THE_OPEN)
        if not endpoint.network_isolation:
            acknowledge(self, "CKV_AWS_370", _IN_THE_OPEN)


class Configuration(sagemaker.CfnEndpointConfig):
    """An endpoint's variants, with what they capture and how they are asked.

    ``models`` are by the variants' names. Any change makes CloudFormation replace it: the new one has another name, the
    endpoint is updated to it, and the old one is deleted when that has succeeded.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        endpoint: Endpoint,
        models: Mapping[str, HostedModel],
        hosting: Hosting,
        stores: Stores,
    ) -> None:
        super().__init__(
            scope,
            id_,
            async_inference_config=_asynchronous(endpoint, stores),
            data_capture_config=_capture(endpoint, stores),
            kms_key_id=hosting.volume_key,
            production_variants=[
                _variant(name, settings, models[name], hosting, endpoint.serverless)
                for name, settings in endpoint.variants.items()
            ],
            shadow_production_variants=_shadow(endpoint, models, hosting),
        )


def _variant(
    name: str, settings: Variant, model: HostedModel, hosting: Hosting, serverless: Serverless | None
) -> sagemaker.CfnEndpointConfig.ProductionVariantProperty:
    if serverless is not None:
        return sagemaker.CfnEndpointConfig.ProductionVariantProperty(
            variant_name=name,
            model_name=model.attr_model_name,
            initial_variant_weight=1,
            serverless_config=sagemaker.CfnEndpointConfig.ServerlessConfigProperty(
                max_concurrency=serverless.max_concurrency,
                memory_size_in_mb=serverless.memory_mb,
                provisioned_concurrency=serverless.provisioned_concurrency,
            ),
        )
    return sagemaker.CfnEndpointConfig.ProductionVariantProperty(
        variant_name=name,
        model_name=model.attr_model_name,
        instance_type=settings.instance_type or hosting.default_type,
        initial_instance_count=settings.instances,
        initial_variant_weight=settings.weight,
    )


def _shadow(
    endpoint: Endpoint, models: Mapping[str, HostedModel], hosting: Hosting
) -> list[sagemaker.CfnEndpointConfig.ProductionVariantProperty] | None:
    """Return the shadow variant: the ratio of its weight to the production variant's is the share that it is sent."""
    shadow = endpoint.shadow
    if shadow is None:
        return None
    (production,) = endpoint.variants.values()
    return [
        sagemaker.CfnEndpointConfig.ProductionVariantProperty(
            variant_name=SHADOW_VARIANT,
            model_name=models[SHADOW_VARIANT].attr_model_name,
            instance_type=shadow.instance_type or hosting.default_type,
            initial_instance_count=shadow.instances,
            initial_variant_weight=production.weight * shadow.percent / 100,
        )
    ]


def _capture(endpoint: Endpoint, stores: Stores) -> sagemaker.CfnEndpointConfig.DataCaptureConfigProperty | None:
    if not endpoint.capture_percent:
        return None
    return sagemaker.CfnEndpointConfig.DataCaptureConfigProperty(
        # Text types are kept as they are; anything else is written in base64.
        capture_content_type_header=sagemaker.CfnEndpointConfig.CaptureContentTypeHeaderProperty(
            csv_content_types=_CSV, json_content_types=_JSON
        ),
        capture_options=[
            sagemaker.CfnEndpointConfig.CaptureOptionProperty(capture_mode=mode) for mode in ("Input", "Output")
        ],
        destination_s3_uri=stores.captured,
        enable_capture=True,
        initial_sampling_percentage=endpoint.capture_percent,
        kms_key_id=stores.captured_key,
    )


def _asynchronous(
    endpoint: Endpoint, stores: Stores
) -> sagemaker.CfnEndpointConfig.AsyncInferenceConfigProperty | None:
    if endpoint.asynchronous is None:
        return None
    concurrency = endpoint.asynchronous.concurrency
    return sagemaker.CfnEndpointConfig.AsyncInferenceConfigProperty(
        client_config=sagemaker.CfnEndpointConfig.AsyncInferenceClientConfigProperty(
            max_concurrent_invocations_per_instance=concurrency
        )
        if concurrency is not None
        else None,
        output_config=sagemaker.CfnEndpointConfig.AsyncInferenceOutputConfigProperty(
            kms_key_id=stores.answers_key,
            notification_config=sagemaker.CfnEndpointConfig.AsyncInferenceNotificationConfigProperty(
                success_topic=stores.topics[0], error_topic=stores.topics[1]
            )
            if stores.topics is not None
            else None,
            s3_failure_path=f"{stores.answers}/failures",
            s3_output_path=f"{stores.answers}/answers",
        ),
    )
