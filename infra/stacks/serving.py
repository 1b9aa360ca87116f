"""Serving: the endpoint of one problem's approved model, in an environment."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from config.problem import Problem
from config.settings.serving import SHADOW_VARIANT
from infra import names
from infra.constructs.answer_topics import AnswerTopics
from infra.constructs.guarded_endpoint import GuardedEndpoint
from infra.constructs.retention import retention
from infra.constructs.rollback_alarms import RollbackAlarms
from infra.constructs.variant_scaling import VariantScaling
from infra.constructs.variants import Configuration, HostedModel, Hosting, Stores
from infra.stacks.foundation import Foundation, FoundedStack
from pipeline.names import pipeline_name

MODEL_PACKAGE_PARAMETER = "ModelPackageArn"


class ServingStack(FoundedStack):
    """An endpoint with all that belongs to it, and nothing at all until a model package is approved.

    Which package is served is a parameter, so that approving one deploys this template as it is. Several variants, and
    the shadow, have parameters of their own besides; until one is set its variant serves what was approved, so that an
    endpoint's variants are always those of its settings.
    """

    def __init__(self, scope: Construct, id_: str, foundation: Foundation, *, problem: Problem) -> None:
        super().__init__(scope, id_, foundation, description=f"the endpoint of {problem.name}'s approved model.")
        cdk.Tags.of(self).add("sageline:problem", problem.name)
        self._problem = problem
        self._settings = self._environment.serving[problem.name]
        self.endpoint_name = names.endpoint_name(problem.name)
        self._hosting = Hosting(
            role=self._identity.endpoint.role_arn,
            subnets=self._network.subnet_ids,
            security_group=self._network.endpoint_security_group_id,
            volume_key=self._data.artifact_key.key.key_arn,
            default_type=self._environment.instances.inference,
        )
        approved = self._package(MODEL_PACKAGE_PARAMETER, "what was approved")
        self._approved = _is_set(self, "Approved", approved)

        topics = self._topics()
        configuration = Configuration(
            self,
            "Configuration",
            endpoint=self._settings,
            models=self._models(approved),
            hosting=self._hosting,
            stores=self._stores(topics),
        )
        self.endpoint = GuardedEndpoint(
            self,
            "Endpoint",
            name=self.endpoint_name,
            configuration=configuration.attr_endpoint_config_name,
            endpoint=self._settings,
            alarms=self._alarms(),
        )
        if topics is not None:
            # The service tries the topics with the role when the endpoint starts.
            self.endpoint.node.add_dependency(topics)
        self._scaling()
        self._log()
        self._only_if_approved()

    def _package(self, name: str, what: str) -> cdk.CfnParameter:
        group = pipeline_name(self._problem.name)
        return cdk.CfnParameter(
            self,
            name,
            allowed_pattern=f"(arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:[0-9]{{12}}:model-package/{group}/[1-9][0-9]*)?",
            constraint_description=f"It is the ARN of a version in the model package group {group}.",
            default="",
            description=f"The ARN of the model package that is served: {what}.",
        )

    def _models(self, approved: cdk.CfnParameter) -> dict[str, HostedModel]:
        """Make a model for each variant, the shadow's included."""
        variants = list(self._settings.variants)
        with_own = [] if len(variants) == 1 else list(variants)
        if self._settings.shadow is not None:
            with_own.append(SHADOW_VARIANT)
        packages = dict.fromkeys(variants, approved.value_as_string)
        packages |= {variant: self._own_package(variant, approved) for variant in with_own}
        return {
            variant: HostedModel(
                self, f"{variant}Model", package=package, endpoint=self._settings, hosting=self._hosting
            )
            for variant, package in packages.items()
        }

    def _own_package(self, variant: str, approved: cdk.CfnParameter) -> str:
        """Return the package of a variant that may have one of its own, beside what was approved."""
        parameter = self._package(f"{variant}{MODEL_PACKAGE_PARAMETER}", f"by {variant}; what was approved when empty")
        condition = _is_set(self, f"{variant}HasItsOwn", parameter)
        chosen = cdk.Fn.condition_if(condition.logical_id, parameter.value_as_string, approved.value_as_string)
        return chosen.to_string()

    def _topics(self) -> AnswerTopics | None:
        settings = self._settings.asynchronous
        if settings is None or not settings.notifications:
            return None
        return AnswerTopics(
            self,
            "Told",
            key=self._data.operations_key,
            role=self._identity.endpoint,
            endpoint_name=self.endpoint_name,
        )

    def _stores(self, topics: AnswerTopics | None) -> Stores:
        name, data = self._problem.name, self._data
        return Stores(
            captured=data.captured.s3_url_for_object(name),
            captured_key=data.data_key.key.key_arn,
            answers=data.artifacts.s3_url_for_object(f"{pipeline_name(name)}/asynchronous"),
            answers_key=data.artifact_key.key.key_arn,
            topics=(topics.answers.topic_arn, topics.failures.topic_arn) if topics is not None else None,
        )

    def _alarms(self) -> list[str]:
        if self._settings.serverless is not None or not self._settings.update.guarded:
            return []
        made = [
            RollbackAlarms(
                self,
                f"{variant}Alarms",
                endpoint_name=self.endpoint_name,
                variant=variant,
                settings=self._settings.alarms,
            )
            for variant in self._settings.variants
        ]
        return [name for each in made for name in each.names]

    def _scaling(self) -> None:
        for variant, settings in self._settings.variants.items():
            if settings.scaling is not None and not settings.scaling.paused:
                scaling = VariantScaling(
                    self,
                    f"{variant}Scaling",
                    endpoint_name=self.endpoint_name,
                    variant=variant,
                    settings=settings.scaling,
                    asynchronous=self._settings.asynchronous is not None,
                )
                # The target names the endpoint, which must be there, and changed, before its variants can scale.
                scaling.target.add_resource_dependency(self.endpoint)

    def _log(self) -> None:
        """Make the log group that the service would make, without a key and kept for good.

        It goes with its endpoint: under a name that the service gives, a group that was kept would stand in the way of
        the next deployment.
        """
        group = logs.LogGroup(
            self,
            "Log",
            encryption_key=self._data.operations_key.key,
            log_group_name=f"/aws/sagemaker/Endpoints/{self.endpoint_name}",
            removal_policy=cdk.RemovalPolicy.DESTROY,
            retention=retention(self._settings.log_days),
        )
        self.endpoint.node.add_dependency(group)

    def _only_if_approved(self) -> None:
        """Leave everything out until a package is approved."""
        for each in self.node.find_all():
            if isinstance(each, cdk.CfnResource):
                each.cfn_options.condition = self._approved
        output = cdk.CfnOutput(self, "EndpointName", value=self.endpoint.attr_endpoint_name)
        output.condition = self._approved


def _is_set(scope: Construct, id_: str, parameter: cdk.CfnParameter) -> cdk.CfnCondition:
    return cdk.CfnCondition(
        scope, id_, expression=cdk.Fn.condition_not(cdk.Fn.condition_equals(parameter.value_as_string, ""))
    )
