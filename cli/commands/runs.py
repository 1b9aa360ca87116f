"""`sageline runs`: the executions, the newest first."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cli import options
from cli.view.words import mark, word


@click.command("runs", epilog="\b\nExample:\n  sageline runs --limit 5")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many to list.")
@options.environment
@options.home
@options.as_json
def command(limit: int, environment: str | None, home: Path | None, as_json: bool) -> int:
    """List the executions of all pipelines, the newest first."""
    from cli.aws_errors import sentences  # noqa: PLC0415 - boto3 is slow to import; --help does without
    from cli.executions import parse_arn, summaries  # noqa: PLC0415
    from cli.session import open_session  # noqa: PLC0415

    session = open_session(home, environment)
    with sentences():
        found = list(summaries(session))[:limit]
    if as_json:
        click.echo(
            json.dumps(
                [
                    {
                        "execution": item["PipelineExecutionArn"],
                        "pipeline": item["PipelineName"],
                        "status": item["PipelineExecutionStatus"],
                        "started": item["StartTime"].isoformat(),
                    }
                    for item in found
                ]
            )
        )
        return 0
    if not found:
        click.echo("No execution yet. `sageline run PROBLEM` starts one.")
    for item in found:
        status = item["PipelineExecutionStatus"]
        name = parse_arn(item["PipelineExecutionArn"])
        started = item["StartTime"].astimezone().strftime("%Y-%m-%d %H:%M:%S")
        click.echo(f"{mark(status)[0]} {name.id}  {started}  {word(status):<10}  {item['PipelineName']}")
    return 0
