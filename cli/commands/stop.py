"""`sageline stop`: ends an execution that runs."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

import click

from cli import options
from cli.errors import CommandError

PATIENCE_SECONDS = 120.0


@click.command("stop", epilog="\b\nExample:\n  sageline stop latest")
@options.execution
@click.option("--no-wait", is_flag=True, help="Ask for the stop and leave, without waiting until it has happened.")
@options.environment
@options.home
def command(execution: str, no_wait: bool, environment: str | None, home: Path | None) -> int:
    """Stop an execution; its running jobs are ended. `sageline resume` goes on with it.

    EXECUTION is an ARN, an id, the beginning of an id, or `latest`.
    """
    from cli.aws_errors import sentences  # noqa: PLC0415 - boto3 is slow to import; --help does without
    from cli.executions import ENDED, find  # noqa: PLC0415
    from cli.session import open_session  # noqa: PLC0415

    session = open_session(home, environment)
    with sentences():
        name = find(session, execution)
        session.sagemaker.stop_pipeline_execution(PipelineExecutionArn=name.arn, ClientRequestToken=uuid.uuid4().hex)
        deadline, pauses = time.monotonic() + PATIENCE_SECONDS, session.pauses()
        while not no_wait:
            answer = session.sagemaker.describe_pipeline_execution(PipelineExecutionArn=name.arn)
            status = answer["PipelineExecutionStatus"]
            if status in ENDED:
                click.echo(
                    f"Execution {name.id}: {status.lower()}. Go on with it: sageline resume {name.id}{session.words}"
                )
                return 0
            if time.monotonic() > deadline:
                message = f"The execution {name.id} is still {status.lower()} after {PATIENCE_SECONDS:.0f} seconds."
                raise CommandError(message, code=1)
            time.sleep(next(pauses))
    return 0
