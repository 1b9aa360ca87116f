"""`sageline doctor`: what this machine has and lacks."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cli import options
from cli.errors import RUN_FAILED, SUCCEEDED

MARKS = {"ok": "✓", "note": "–", "problem": "✗"}


@click.command("doctor", epilog="\b\nExample:\n  sageline doctor")
@options.home
@options.as_json
def command(home: Path | None, as_json: bool) -> int:
    """Say what this machine has and lacks, and where it differs from the image that jobs run in on AWS.

    Exit code 1 means that something is missing without which pipelines do not run.
    """
    from cli.doctor import checks  # noqa: PLC0415 - --help does without
    from local.store.home import Home  # noqa: PLC0415

    found = list(checks(Home.find(home).root))
    if as_json:
        click.echo(json.dumps([vars(check) for check in found]))
    else:
        width = max(len(check.name) for check in found)
        for check in found:
            click.echo(f"{MARKS[check.state]} {check.name:<{width}}  {check.finding}")
    return RUN_FAILED if any(check.state == "problem" for check in found) else SUCCEEDED
