"""`sageline resume`: goes on with an execution that failed, was stopped or lost its engine."""

from __future__ import annotations

import uuid
from pathlib import Path

import click

from cli import options


@click.command("resume", epilog="\b\nExample:\n  sageline resume latest")
@options.execution
@options.environment
@options.home
@options.as_json
def command(execution: str, environment: str | None, home: Path | None, as_json: bool) -> int:
    """Go on with an execution from its last finished step.

    EXECUTION is an ARN, an id, the beginning of an id, or `latest`. Steps that succeeded are not run again.
    """
    from cli.aws_errors import sentences  # noqa: PLC0415 - boto3 is slow to import; --help does without
    from cli.executions import find  # noqa: PLC0415
    from cli.follow import follow  # noqa: PLC0415
    from cli.outcome import finish  # noqa: PLC0415
    from cli.session import open_session  # noqa: PLC0415
    from cli.view.progress import progress_for_terminal  # noqa: PLC0415

    session = open_session(home, environment)
    with sentences():
        name = find(session, execution)
        session.sagemaker.retry_pipeline_execution(PipelineExecutionArn=name.arn, ClientRequestToken=uuid.uuid4().hex)
        click.echo(f"Execution {name.id} of {name.pipeline}, resumed", err=True)
        followed = follow(session, name, progress_for_terminal())
        return finish(session, name, followed, as_json=as_json)
