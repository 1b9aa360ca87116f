"""Brings a problem's pipeline and its code to the laptop's SageMaker, as `cdk deploy` brings them to AWS."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from cli.aws_errors import is_missing
from cli.session import Session
from local.functions.manifest import Function, function_arn, register
from local.functions.queues import queue_url
from local.store.names import arn, role_arn
from local.store.store import Store

if TYPE_CHECKING:
    from config.environment import Environment
    from config.problem import Problem

ROOT = Path(__file__).resolve().parent.parent
_ARTIFACT_KEY = arn("key/00000000-0000-0000-0000-000000000000", service="kms")
CAPTURED_BUCKET = "sageline-laptop-captured"
"""Endpoints of the laptop capture nothing; what stands here was captured elsewhere."""

FUNCTIONS = ("find-captured", "find-champion", "smoke-test")
"""The functions below infra/functions that pipelines invoke; each is one module with a `handler`."""

COMPILE_QUEUE, FOLLOW_QUEUE, DEAD_COMPILE_QUEUE = "sageline-compile", "sageline-compile-follow", "sageline-compile-dead"
"""Queues of the Callback steps that have models compiled, as they are called in an account."""

_ENDED = ("completed", "failed", "stopped")


def publish(session: Session, problem: Problem, environment: Environment) -> str:
    """Upload the code bundle where it is not there yet, create or update the pipeline, and return its name."""
    from pipeline.definition import definition  # noqa: PLC0415 - only commands that publish need the pipeline package
    from pipeline.names import pipeline_name  # noqa: PLC0415

    text = definition(problem, environment, cache_dir=session.home.root / "definitions")
    return _publish(session, pipeline_name(problem.name), text, problem.goal, environment)


def publish_drift(session: Session, problem: Problem, environment: Environment) -> str:
    """Create or update the pipeline that looks for drift in a problem's captured rows, and return its name."""
    from pipeline.definition import drift_definition  # noqa: PLC0415
    from pipeline.names import drift_pipeline_name  # noqa: PLC0415

    text = drift_definition(problem, environment, cache_dir=session.home.root / "definitions")
    goal = f"Tell whether the rows have drifted: {problem.goal}"
    return _publish(session, drift_pipeline_name(problem.name), text, goal, environment)


def _publish(session: Session, name: str, text: str, goal: str, environment: Environment) -> str:
    from pipeline.bundle import build_bundle  # noqa: PLC0415
    from pipeline.placeholders import fill  # noqa: PLC0415

    bundle = build_bundle(ROOT)
    register_functions(session)
    put_once(session, session.artifact_bucket, bundle.key, bundle.content)
    code_uri = f"s3://{session.artifact_bucket}/{bundle.key}"
    filled = fill(text, laptop_values(session, environment.network.subnet_count, code_uri, bundle.file_name))
    _create_or_update(session, name, filled, goal)
    return name


def register_functions(session: Session) -> None:
    """Make the functions that the pipeline invokes known to the laptop: the files that are deployed to AWS."""
    store = Store(session.home)
    for name in FUNCTIONS:
        module = name.replace("-", "_")
        file = ROOT / "infra" / "functions" / f"{module}.py"
        register(store, Function(f"sageline-{name}", file, f"{module}.handler"), now=time.time())
    for function in _compiling_functions():
        register(store, function, now=time.time())


def _compiling_functions() -> list[Function]:
    """Return the functions that submit and follow compilations, fed as the pipelines stack feeds them."""
    environment = {
        "DEAD_LETTER_QUEUE_URL": queue_url(DEAD_COMPILE_QUEUE),
        "FOLLOW_QUEUE_URL": queue_url(FOLLOW_QUEUE),
        "MOST_RECEIVES": "5",
    }
    jobs = {
        "KMS_KEY_ID": _ARTIFACT_KEY,
        "ROLE_ARN": role_arn("sageline-laptop-compilation"),
        "SECURITY_GROUP_IDS": "[]",
        "SUBNET_IDS": "[]",
    }
    told = {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Compilation Job State Change"],
        "detail": {"CompilationJobStatus": [{"equals-ignore-case": status} for status in _ENDED]},
    }
    made = {
        "compile-start": (COMPILE_QUEUE, {**environment, **jobs}, ()),
        "compile-follow": (FOLLOW_QUEUE, environment, (told,)),
    }
    return [
        Function(
            f"sageline-{name}",
            ROOT / "infra" / "functions" / f"{name.replace('-', '_')}.py",
            f"{name.replace('-', '_')}.handler",
            environment=values,
            rules=rules,
            queue=queue_url(queue),
            batch_size=1,
            report_failures=True,
        )
        for name, (queue, values, rules) in made.items()
    ]


def laptop_values(session: Session, subnets: int, code_uri: str, code_file: str) -> dict[str, str]:
    """Return what stands on the laptop where `cdk deploy` puts buckets, roles, keys and subnets."""
    return {
        "ArtifactBucket": session.artifact_bucket,
        "DataBucket": session.data_bucket,
        "ArtifactKeyArn": _ARTIFACT_KEY,
        "CompileQueueUrl": queue_url(COMPILE_QUEUE),
        "ProcessingRoleArn": role_arn("sageline-laptop-processing"),
        "TrainingRoleArn": role_arn("sageline-laptop-training"),
        "AutoMLRoleArn": role_arn("sageline-laptop-automl"),
        **{f"PrivateSubnet{number}": f"subnet-{number:017x}" for number in range(1, subnets + 1)},
        "JobSecurityGroup": f"sg-{1:017x}",
        "CodeUri": code_uri,
        "CodeFile": code_file,
        "EndpointRoleArn": role_arn("sageline-laptop-endpoint"),
        "SmokeTestFunctionArn": function_arn("sageline-smoke-test"),
        "FindChampionFunctionArn": function_arn("sageline-find-champion"),
        "CapturedBucket": CAPTURED_BUCKET,
        "FindCapturedFunctionArn": function_arn("sageline-find-captured"),
    }


def put_once(session: Session, bucket: str, key: str, content: bytes) -> None:
    """Store an object whose key names its content; where it is there already, nothing is sent."""
    if not has_object(session, bucket, key):
        session.s3.put_object(Bucket=bucket, Key=key, Body=content)


def has_object(session: Session, bucket: str, key: str) -> bool:
    """Say whether there is an object under exactly that key."""
    try:
        session.s3.head_object(Bucket=bucket, Key=key)
    except session.s3.exceptions.ClientError as error:
        if is_missing(error):
            return False
        raise
    return True


def _create_or_update(session: Session, name: str, definition: str, goal: str) -> None:
    role = role_arn("sageline-laptop-pipeline")
    sagemaker = session.sagemaker
    try:
        known = sagemaker.describe_pipeline(PipelineName=name)
    except sagemaker.exceptions.ClientError as error:
        if not is_missing(error):
            raise
        # The definition names the request: the same call sent twice creates one pipeline.
        token = f"create-{name}".ljust(32, "-")
        sagemaker.create_pipeline(
            PipelineName=name,
            PipelineDefinition=definition,
            PipelineDescription=goal,
            RoleArn=role,
            ClientRequestToken=token,
        )
        return
    if known["PipelineDefinition"] != definition or known.get("PipelineDescription") != goal:
        sagemaker.update_pipeline(
            PipelineName=name, PipelineDefinition=definition, PipelineDescription=goal, RoleArn=role
        )
