"""What a data scientist's notebook takes: start pipelines and see all that came of them; approving is another's."""

from __future__ import annotations

from collections.abc import Sequence

from infra.constructs.policy import Permission
from infra.permissions import registry
from infra.permissions.place import Place

_EXECUTIONS = "An execution's id is SageMaker's to give."
_JOBS = "SageMaker names a step's job `pipelines-EXECUTION-STEP-…` when it runs."


def pipelines(place: Place, names: Sequence[str]) -> list[Permission]:
    """Return what starting and following the executions of some pipelines takes."""
    arns = [place.arn("sagemaker", "pipeline", name) for name in names]
    executions = [f"{arn}/execution/*" for arn in arns]
    return [
        Permission(
            "StartPipelines",
            [
                "sagemaker:DescribePipeline",
                "sagemaker:ListPipelineExecutions",
                "sagemaker:StartPipelineExecution",
            ],
            arns,
        ),
        Permission(
            "FollowExecutions",
            [
                "sagemaker:DescribePipelineDefinitionForExecution",
                "sagemaker:DescribePipelineExecution",
                "sagemaker:ListPipelineExecutionSteps",
                "sagemaker:ListPipelineParametersForExecution",
                "sagemaker:RetryPipelineExecution",
                "sagemaker:StopPipelineExecution",
            ],
            executions,
            because=_EXECUTIONS,
        ),
    ]


def results(place: Place, names: Sequence[str], *, automl: bool) -> list[Permission]:
    """Return what looking at jobs, models and endpoints takes, and asking a candidate's endpoint."""
    kinds = {
        "hyper-parameter-tuning-job": [
            "DescribeHyperParameterTuningJob",
            "ListTrainingJobsForHyperParameterTuningJob",
        ],
        "processing-job": ["DescribeProcessingJob"],
        "training-job": ["DescribeTrainingJob"],
        "transform-job": ["DescribeTransformJob"],
        **({"automl-job": ["ListCandidatesForAutoMLJob"]} if automl else {}),
    }
    looks = [f"sagemaker:{action}" for actions in kinds.values() for action in actions]
    jobs = [place.arn("sagemaker", kind, "pipelines-*") for kind in kinds]
    endpoints = [place.arn("sagemaker", "endpoint", name) for name in names]
    groups = [place.arn("sagemaker", "model-package-group", name) for name in names]
    packages = registry.versions(place, names)
    group = place.home.arn("logs", "log-group:/aws/sagemaker/")
    return [
        Permission("LookAtJobs", looks, jobs, because=_JOBS),
        Permission(
            "LookAtModels",
            [
                "sagemaker:DescribeModelPackage",
                "sagemaker:DescribeModelPackageGroup",
                "sagemaker:ListModelPackages",
            ],
            [*groups, *packages],
            because=registry.NUMBERED,
        ),
        Permission("AskCandidates", ["sagemaker:DescribeEndpoint", "sagemaker:InvokeEndpoint"], endpoints),
        Permission(
            "ReadJobLogs",
            ["logs:GetLogEvents", "logs:DescribeLogStreams"],
            [f"{group}{kind}:*" for kind in ("ProcessingJobs", "TrainingJobs", "TransformJobs")],
            because="SageMaker names log streams by job and host.",
        ),
        Permission(
            "ListAndSearch",
            [
                "sagemaker:ListEndpoints",
                "sagemaker:ListModelPackageGroups",
                "sagemaker:ListPipelines",
                "sagemaker:Search",
            ],
            ["*"],
            place.only_here,
            because="These actions have no resource.",
        ),
    ]
