"""`sageline report`: the execution's report as one HTML file."""

from __future__ import annotations

import webbrowser
from contextlib import nullcontext
from pathlib import Path

import click

from cli import options
from cli.errors import replacing


@click.command("report", epilog="\b\nExample:\n  sageline report latest -o report.html")
@options.execution
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the file.")
@click.option("--open", "open_it", is_flag=True, help="Show it in the browser.")
@options.environment
@options.home
def command(execution: str, output: Path | None, open_it: bool, environment: str | None, home: Path | None) -> int:
    """Write the report of an execution: one HTML file that needs no network.

    EXECUTION is an ARN, an id, the beginning of an id, or `latest`.
    """
    from cli.aws_errors import sentences  # noqa: PLC0415 - boto3 is slow to import; --help does without
    from cli.executions import find, read_record  # noqa: PLC0415
    from cli.outcome import write_report  # noqa: PLC0415
    from cli.session import open_session  # noqa: PLC0415

    session = open_session(home, environment)
    with sentences():
        name = find(session, execution)
        record = read_record(session, name)
        with replacing(output) if output is not None else nullcontext():
            path = write_report(session, name, record, output)
    click.echo(str(path))
    if open_it:
        webbrowser.open(path.resolve().as_uri())
    return 0
