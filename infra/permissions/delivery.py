"""What deploying an environment and trying it takes: the roles of `cdk bootstrap`, its pipelines, its candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from config.problem import Problem, is_registered
from infra.constructs.policy import Permission
from infra.permissions import registry, storage
from infra.permissions.finding import find_buckets
from infra.permissions.place import Place
from pipeline.names import pipeline_name

#: What `cdk bootstrap` calls its roles when it is not told otherwise.
QUALIFIER = "hnb659fds"
_DEPLOYING = ("deploy", "file-publishing")
#: What lies there is named by its content (cli/inputs.py); nobody else's data is below.
_BROUGHT = ("builtin/*", "imports/*")
_JOBS = "SageMaker names a step's job `pipelines-EXECUTION-STEP-…` when it runs."
_EXECUTIONS = "An execution's id is SageMaker's to give."


@dataclass(frozen=True)
class Stores:
    """Where the command line brings a problem's data, and finds what an execution wrote.

    Attributes:
        stack: the name of the stack whose outputs say so.
    """

    stack: str
    raw: s3.IBucket
    raw_key: kms.IKey
    artifacts: s3.IBucket
    artifact_key: kms.IKey


def deploy(place: Place) -> list[Permission]:
    """Return what `cdk deploy` takes: the bootstrap's roles do the rest, with the rights that they have."""
    stack = place.stack
    roles = [
        f"arn:{stack.partition}:iam::{stack.account}:role/cdk-{QUALIFIER}-{use}-role-{stack.account}-{stack.region}"
        for use in _DEPLOYING
    ]
    return [Permission("TakeOnBootstrapRoles", ["sts:AssumeRole"], roles)]


def attempt(place: Place, problems: Sequence[Problem], stores: Stores) -> list[Permission]:
    """Return what `make try` takes: the calls of `sageline run --env` and of `sageline invoke --candidate --env`.

    It takes no right to approve: that is people's.
    """
    names = [pipeline_name(problem.name) for problem in problems]
    return [
        find_buckets(place, stores.stack),
        *_bring_data(place, stores),
        *_run(place, names),
        *_models(place, problems, names),
        *_report(place, problems, stores),
        *_ask(place, names),
    ]


def _bring_data(place: Place, stores: Stores) -> list[Permission]:
    brought = [stores.raw.arn_for_objects(each) for each in _BROUGHT]
    return [
        Permission("BringData", ["s3:GetObject", "s3:PutObject"], brought, because="Keys name what they hold."),
        # Without it S3 does not say of an object that it is missing.
        Permission("SeeWhatIsThere", ["s3:ListBucket"], [stores.raw.bucket_arn, stores.artifacts.bucket_arn]),
        Permission(
            # Decrypting is for large files, whose parts are put together. What a broken upload leaves expires.
            "EncryptData",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            [stores.raw_key.key_arn],
            storage.through_s3(place),
        ),
    ]


def _run(place: Place, names: Sequence[str]) -> list[Permission]:
    pipelines = [place.arn("sagemaker", "pipeline", name) for name in names]
    return [
        Permission("StartPipelines", ["sagemaker:DescribePipeline", "sagemaker:StartPipelineExecution"], pipelines),
        Permission(
            "FollowExecutions",
            [
                "sagemaker:DescribePipelineDefinitionForExecution",
                "sagemaker:DescribePipelineExecution",
                "sagemaker:ListPipelineExecutionSteps",
                "sagemaker:ListPipelineParametersForExecution",
                "sagemaker:StopPipelineExecution",
            ],
            [f"{arn}/execution/*" for arn in pipelines],
            because=_EXECUTIONS,
        ),
    ]


def _models(place: Place, problems: Sequence[Problem], names: Sequence[str]) -> list[Permission]:
    """Return what the card of a registered model takes, and finding those that problems' training goes on from."""
    earlier = [problem.training.continue_from for problem in problems]
    groups = {pipeline_name(each.partition("/")[0]) for each in earlier if each and is_registered(each)}
    reading = registry.read_versions(registry.versions(place, sorted({*names, *groups})))
    return [registry.list_versions(place), reading] if groups else [reading]


def _report(place: Place, problems: Sequence[Problem], stores: Stores) -> list[Permission]:
    """Return what the report takes: what jobs wrote, and what searches tried."""
    kinds = {"processing-job": ["DescribeProcessingJob"], "training-job": ["DescribeTrainingJob"]}
    if any(problem.tuning is not None for problem in problems):
        kinds["hyper-parameter-tuning-job"] = [
            "DescribeHyperParameterTuningJob",
            "ListTrainingJobsForHyperParameterTuningJob",
        ]
    if any(problem.model == "auto" for problem in problems):
        kinds["automl-job"] = ["ListCandidatesForAutoMLJob"]
    written = [stores.artifacts.arn_for_objects(f"{pipeline_name(problem.name)}/*") for problem in problems]
    return [
        Permission(
            "LookAtJobs",
            [f"sagemaker:{action}" for actions in kinds.values() for action in actions],
            [place.arn("sagemaker", kind, "pipelines-*") for kind in kinds],
            because=_JOBS,
        ),
        Permission("ReadResults", ["s3:GetObject"], written, because="Each execution writes under its own name."),
        storage.decrypt("DecryptResults", stores.artifact_key, place),
    ]


def _ask(place: Place, names: Sequence[str]) -> list[Permission]:
    return [
        Permission(
            "FindEndpoints",
            ["sagemaker:ListEndpoints"],
            ["*"],
            place.only_here,
            because="The action has no resource; it shows names.",
        ),
        Permission(
            "AskCandidates",
            ["sagemaker:InvokeEndpoint"],
            [place.arn("sagemaker", "endpoint", name) for name in names],
        ),
    ]
