"""`sageline logs`: what a step's job has printed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import options
from cli.errors import CommandError

if TYPE_CHECKING:
    from cli.session import Session

GROUPS = {
    "ProcessingJob": "/aws/sagemaker/ProcessingJobs",
    "TrainingJob": "/aws/sagemaker/TrainingJobs",
    "TransformJob": "/aws/sagemaker/TransformJobs",
}
FOLLOW_SECONDS = 0.5


@click.command("logs", epilog="\b\nExample:\n  sageline logs latest Train")
@options.execution
@click.argument("step", metavar="STEP")
@click.option("-f", "--follow", is_flag=True, help="Go on printing until the step has ended.")
@options.environment
@options.home
def command(execution: str, step: str, follow: bool, environment: str | None, home: Path | None) -> int:
    """Print the log of a step's job.

    EXECUTION is an ARN, an id, the beginning of an id, or `latest`; STEP is the step's name.
    """
    from cli.aws_errors import sentences  # noqa: PLC0415 - boto3 is slow to import; --help does without
    from cli.executions import find, read_record  # noqa: PLC0415
    from cli.session import open_session  # noqa: PLC0415
    from cli.view.progress import ENDED  # noqa: PLC0415

    session = open_session(home, environment)
    with sentences():
        name = find(session, execution)
        tokens: dict[str, str] = {}
        while True:
            found = _step(read_record(session, name), step)
            ended = found["status"] in ENDED
            _print_new(session, found, tokens)
            if ended or not follow:
                return 0
            time.sleep(FOLLOW_SECONDS)


def _step(record: dict[str, Any], wanted: str) -> dict[str, Any]:
    for step in record["steps"]:
        if step["name"].lower() == wanted.lower():
            found: dict[str, Any] = step
            break
    else:
        names = ", ".join(step["name"] for step in record["steps"])
        message = f"The execution has no step {wanted!r}. Its steps: {names}."
        raise CommandError(message)
    job = found.get("job")
    if not job or (job["kind"] not in GROUPS and "log_group" not in job):
        why = f" ({found['reason']})" if found.get("reason") else ""
        message = f"{found['name']} has no log: it is a {found['type']} step that started no job{why}."
        raise CommandError(message)
    return found


def _print_new(session: Session, step: dict[str, Any], tokens: dict[str, str]) -> None:
    """Print what has come since `tokens`, which say by stream where to go on; of several hosts each with its name."""
    job = step["job"]
    # A function's invocation has a stream of its own; a job has one for each of its hosts.
    group = job.get("log_group") or GROUPS[job["kind"]]
    prefix = job.get("log_stream") or f"{job['name']}/"
    try:
        answer = session.logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=prefix)
    except session.logs.exceptions.ResourceNotFoundException:
        return
    names = [stream["logStreamName"] for stream in answer["logStreams"]]
    for name in names:
        host = name.removeprefix(prefix).rpartition("-")[0]
        start = f"{host}: " if len(names) > 1 else ""
        while True:
            extra: dict[str, Any] = {"nextToken": tokens[name]} if name in tokens else {}
            found = session.logs.get_log_events(logGroupName=group, logStreamName=name, startFromHead=True, **extra)
            for event in found["events"]:
                click.echo(f"{start}{event['message']}")
            if found["nextForwardToken"] == tokens.get(name):
                break
            tokens[name] = found["nextForwardToken"]
