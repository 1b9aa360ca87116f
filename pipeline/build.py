"""Builds a problem's pipeline definition for an environment: the same text every time, on any machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pipeline import names, placeholders
from pipeline.images import xgboost_image
from pipeline.lean_sdk import lean_sdk
from pipeline.offline import offline, pipeline_session

if TYPE_CHECKING:
    from config.environment import Environment
    from config.problem import Problem
    from pipeline.site import Site


def build(problem: Problem, environment: Environment) -> str:
    """Return the definition as canonical JSON text, with placeholders for what is known only where it is deployed.

    Takes some seconds, nearly all of them to import the SageMaker SDK; ``pipeline.definition`` remembers the result.

    Raises:
        config.ConfigurationError: when the problem holds a text that cannot be handed to a job.
    """
    return written(problem, environment, name=names.pipeline_name(problem.name), make=_steps)


def _steps(site: Site) -> tuple[list[Any], list[Any]]:
    from pipeline import graph  # noqa: PLC0415 - imports the SDK

    return site.parameters.all(), graph.steps(site)


def written(
    problem: Problem, environment: Environment, *, name: str, make: Callable[[Site], tuple[list[Any], list[Any]]]
) -> str:
    """Return the canonical text of a pipeline, of whose site ``make`` makes the parameters and the steps."""
    with offline(environment.region):
        from sagemaker.mlops.workflow.pipeline import Pipeline  # noqa: PLC0415 - only inside ``offline``

        from pipeline.parameters import parameters  # noqa: PLC0415 - imports the SDK
        from pipeline.site import Site  # noqa: PLC0415 - imports the SDK

        with lean_sdk():
            site = Site(
                problem=problem,
                environment=environment,
                parameters=parameters(problem, environment),
                session=pipeline_session(environment.region, placeholders.mark(placeholders.ARTIFACT_BUCKET)),
                image=xgboost_image(environment.region),
            )
            given, steps = make(site)
            text = Pipeline(
                name=name,
                parameters=given,
                # An experiment for each execution would need rights, and show nothing that the execution does not.
                pipeline_experiment_config=None,
                steps=steps,
                sagemaker_session=site.session,
            ).definition()
    return _canonical(text)


def _canonical(text: str) -> str:
    """Return the SDK's text with keys sorted, no spaces, settings that are off left out, and placeholders sealed."""
    content = {key: value for key, value in json.loads(text).items() if value is not None}
    return placeholders.seal(json.dumps(content, sort_keys=True, separators=(",", ":")))
