"""`sageline show`: one execution, its parameters and its steps."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cli import options


@click.command("show", epilog="\b\nExample:\n  sageline show latest")
@options.execution
@options.environment
@options.home
@options.as_json
def command(execution: str, environment: str | None, home: Path | None, as_json: bool) -> int:
    """Show an execution: parameters, steps, why each ran or was taken from the cache, and where its outputs lie.

    EXECUTION is an ARN, an id, the beginning of an id, or `latest`.
    """
    from cli.aws_errors import sentences  # noqa: PLC0415 - boto3 is slow to import; --help does without
    from cli.executions import find, read_record  # noqa: PLC0415
    from cli.outcome import test_metrics  # noqa: PLC0415
    from cli.session import open_session  # noqa: PLC0415
    from cli.view.detail import print_detail  # noqa: PLC0415

    session = open_session(home, environment)
    with sentences():
        name = find(session, execution)
        answer = session.sagemaker.describe_pipeline_execution(PipelineExecutionArn=name.arn)
        record = read_record(session, name)
        metrics = test_metrics(session, record)
    # The service's word counts: a record cannot say that the engine which wrote it has died.
    record["status"] = answer["PipelineExecutionStatus"]
    record["failure_reason"] = answer.get("FailureReason")
    if as_json:
        click.echo(json.dumps(record))
    else:
        print_detail(record, metrics)
    return 0
