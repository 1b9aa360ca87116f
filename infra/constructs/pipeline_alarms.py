"""Alarms of pipelines, and of the functions that they call."""

from __future__ import annotations

from infra.constructs.alarms import Alarms, Watched

#: Spelt as SageMaker spells it.
PIPELINES = "AWS/Sagemaker/ModelBuildingPipeline"
LAMBDA = "AWS/Lambda"
_MILLISECONDS_AN_HOUR = 3_600_000


def watch_pipeline(alarms: Alarms, id_: str, name: str, longest_hours: int) -> None:
    """Tell of executions that fail, and of those that took too long, which is known when they end."""
    of_it = {"PipelineName": name}
    alarms.add(
        f"{id_}Failed",
        f"An execution of the pipeline {name} has failed.",
        "an-execution-has-failed",
        Watched(PIPELINES, "ExecutionFailed", of_it, "Sum"),
    )
    alarms.add(
        f"{id_}Slow",
        f"An execution of the pipeline {name} took longer than {longest_hours} h.",
        "an-execution-took-too-long",
        Watched(
            PIPELINES,
            "ExecutionDuration",
            of_it,
            "Maximum",
            threshold=longest_hours * _MILLISECONDS_AN_HOUR,
            unit="Milliseconds",
        ),
    )


def watch_function(alarms: Alarms, id_: str, name: str) -> None:
    """Tell of invocations that fail, and of those that are refused since too many run at once."""
    of_it = {"FunctionName": name}
    alarms.add(
        f"{id_}Errors",
        f"The function {name} has failed.",
        "a-function-has-failed",
        Watched(LAMBDA, "Errors", of_it, "Sum"),
    )
    alarms.add(
        f"{id_}Throttles",
        f"Invocations of the function {name} were refused: too many of it run at once.",
        "a-function-is-throttled",
        Watched(LAMBDA, "Throttles", of_it, "Sum"),
    )
