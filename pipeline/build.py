"""Builds a problem's pipeline definition for an environment: the same text every time, on any machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pipeline import names, placeholders
from pipeline.images import xgboost_image
from pipeline.offline import offline, pipeline_session, validated_once

if TYPE_CHECKING:
    from config.environment import Environment
    from config.problem import Problem

# The service takes no more than this.
LARGEST_DEFINITION = 1_048_576


class DefinitionTooLargeError(ValueError):
    """A definition that the service would not take."""


def build(problem: Problem, environment: Environment) -> str:
    """Return the definition as canonical JSON text, with placeholders for what is known only where it is deployed.

    Takes some seconds, nearly all of them to import the SageMaker SDK; ``pipeline.definition`` remembers the result.

    Raises:
        pipeline.arguments.ArgumentError: when the problem holds something that cannot be handed to a job.
        pipeline.images.ImageError: when the environment's region does not offer the image.
        DefinitionTooLargeError: when the service would refuse the definition for its size.
    """
    with offline(environment.region):
        from sagemaker.mlops.workflow.pipeline import Pipeline  # noqa: PLC0415 - only inside ``offline``

        from pipeline import graph  # noqa: PLC0415 - imports the SDK
        from pipeline.parameters import parameters  # noqa: PLC0415 - imports the SDK
        from pipeline.site import Site  # noqa: PLC0415 - imports the SDK

        with validated_once():
            site = Site(
                problem=problem,
                environment=environment,
                parameters=parameters(problem, environment),
                session=pipeline_session(environment.region, placeholders.mark(placeholders.ARTIFACT_BUCKET)),
                image=xgboost_image(environment.region),
            )
            text = Pipeline(
                name=names.pipeline_name(problem.name),
                parameters=site.parameters.all(),
                # An experiment for each execution would need rights, and show nothing that the execution does not.
                pipeline_experiment_config=None,
                steps=graph.steps(site),
                sagemaker_session=site.session,
            ).definition()
    return _canonical(text, problem.name)


def _canonical(text: str, problem_name: str) -> str:
    """Return the SDK's text with keys sorted, no spaces, settings that are off left out, and placeholders sealed."""
    content = {key: value for key, value in json.loads(text).items() if value is not None}
    sealed = placeholders.seal(json.dumps(content, sort_keys=True, separators=(",", ":")))
    if len(sealed) > LARGEST_DEFINITION:
        raise DefinitionTooLargeError(
            f"The definition of problem {problem_name!r} is {len(sealed):,} characters long; SageMaker takes at most "
            f"{LARGEST_DEFINITION:,}. Shorten the problem's lists."
        )
    return sealed
