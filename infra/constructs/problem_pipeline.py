"""A problem's pipeline: its definition, with what stands in the account where the definition has placeholders."""

from __future__ import annotations

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from config.problem import Problem
from infra.constructs.home import home
from pipeline.names import pipeline_name
from pipeline.placeholders import PlaceholderError, names


class ProblemPipeline(Construct):
    """A SageMaker pipeline with the definition that the laptop runs as well."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        problem: Problem,
        definition: str,
        values: Mapping[str, str],
        role_arn: str,
        parallelism: int,
    ) -> None:
        super().__init__(scope, id_)
        self.name = pipeline_name(problem.name)
        self.arn = home(self).arn("sagemaker", f"pipeline/{self.name}")
        self.pipeline = sagemaker.CfnPipeline(
            self,
            "Pipeline",
            parallelism_configuration={"MaxParallelExecutionSteps": parallelism},
            pipeline_definition={"PipelineDefinitionBody": substituted(definition, values)},
            pipeline_description=problem.goal,
            pipeline_name=self.name,
            role_arn=role_arn,
        )


def substituted(definition: str, values: Mapping[str, str]) -> str:
    """Return the definition as ``Fn::Sub`` of the values that it asks for.

    Raises:
        PlaceholderError: for all placeholders that the values lack, at once.
    """
    wanted = names(definition)
    missing = [name for name in wanted if name not in values]
    if missing:
        raise PlaceholderError(missing)
    return cdk.Fn.sub(definition, {name: values[name] for name in wanted}) if wanted else definition
