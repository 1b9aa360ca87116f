"""A session in an AWS environment: what its stacks have made, reached with the credentials of whoever asks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cli.errors import RUN_FAILED, CommandError
from cli.session import Session
from local.store.home import Home

if TYPE_CHECKING:
    from config.environment import Environment
    from config.problem import Problem

POLL_SECONDS = (1.0, 5.0)
OUTPUTS = {"artifact_bucket": "ArtifactBucketName", "data_bucket": "DataBucketName"}
_NO_CREDENTIALS = (
    "There are no AWS credentials that work{why}. Sign in, for example with `aws sso login`, and name the profile in "
    "AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. `aws sts get-caller-identity` shows whose they "
    "are."
)


def open_environment(home: Home, name: str) -> Session:
    """Return a session in an environment, by its name or file.

    Raises:
        CommandError: its file is wrong, there are no credentials, they are another account's, or it is not deployed.
    """
    from config import ConfigurationError, load_environment  # noqa: PLC0415 - pydantic is slow to import

    try:
        environment = load_environment(name)
    except ConfigurationError as error:
        raise CommandError(str(error)) from error

    @cache
    def connect(service: str) -> Any:
        return client(service, environment.region)

    _check_account(connect("sts"), environment)
    outputs = _outputs(connect("cloudformation"), environment)
    return Session(
        home=home,
        poll_seconds=POLL_SECONDS,
        connect=connect,
        ready=_deployed_pipeline,
        words=f" --env {name}",
        import_hint="Put the data there, or name a file as the problem's `data`.",
        **{member: outputs[output] for member, output in OUTPUTS.items()},
    )


def client(service: str, region: str) -> Any:
    """Return a boto3 client with the credentials that boto3 finds."""
    import boto3  # noqa: PLC0415 - slow to import
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415

    try:
        return boto3.session.Session().client(service, region_name=region)
    except BotoCoreError as error:  # such as a profile that is not there
        raise CommandError(_NO_CREDENTIALS.format(why=f" ({error})")) from error


def _check_account(sts: Any, environment: Environment) -> None:
    # boto3 is slow to import.
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError  # noqa: PLC0415
    from botocore.exceptions import ConnectionError as Unreachable  # noqa: PLC0415

    try:
        account = sts.get_caller_identity()["Account"]
    except (HTTPClientError, Unreachable) as error:
        message = f"AWS cannot be reached: {error}. Check the network and, where there is one, its proxy."
        raise CommandError(message, RUN_FAILED) from error
    except (BotoCoreError, ClientError) as error:
        raise CommandError(_NO_CREDENTIALS.format(why=f" ({error})")) from error
    if account != environment.account:
        message = (
            f"The credentials are of the account {account}, and the environment {environment.name} is in "
            f"{environment.account}. Take credentials of that account, or correct `account` in the environment's file."
        )
        raise CommandError(message)


def _outputs(cloudformation: Any, environment: Environment) -> dict[str, str]:
    """Return the outputs of the data stack."""
    from botocore.exceptions import ClientError  # noqa: PLC0415

    from infra.names import stack_name  # noqa: PLC0415

    name = stack_name(environment.name, "data")
    try:
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" not in str(error):
            message = f"The stack {name} cannot be looked up: {error.response['Error'].get('Message', error)}"
            raise CommandError(message, RUN_FAILED) from error
        raise CommandError(f"{_not_deployed(environment)} There is no stack {name}.") from error
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
    if missing := [each for each in OUTPUTS.values() if each not in outputs]:
        state = f"The stack {name} is {stack['StackStatus']} and has no output {', '.join(missing)}."
        raise CommandError(f"{_not_deployed(environment)} {state}")
    return outputs


def _not_deployed(environment: Environment) -> str:
    return (
        f"The environment {environment.name} is not deployed in account {environment.account}, region "
        f"{environment.region}: `make deploy ENVIRONMENT={environment.name}` does that."
    )


def _deployed_pipeline(session: Session, problem: Problem, environment: Environment) -> str:
    """Return the name of a problem's pipeline, which the environment's stacks have made."""
    from botocore.exceptions import ClientError  # noqa: PLC0415

    from cli.aws_errors import is_missing  # noqa: PLC0415
    from pipeline.names import pipeline_name  # noqa: PLC0415

    name = pipeline_name(problem.name)
    try:
        session.sagemaker.describe_pipeline(PipelineName=name)
    except ClientError as error:
        if not is_missing(error):
            raise
        message = (
            f"The environment {environment.name} has no pipeline {name}. Add {problem.name} to its `problems`, and "
            f"deploy it: make deploy ENVIRONMENT={environment.name}"
        )
        raise CommandError(message) from error
    return name
