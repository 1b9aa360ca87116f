"""Approving and rejecting: the same command but for the word."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from cli import options


def decision(name: str, status: Literal["Approved", "Rejected"]) -> click.Command:
    """Return the command `name`, which gives a registered model the approval status `status`."""

    @click.command(
        name,
        help=f"{name.capitalize()} a registered model, named as PROBLEM/VERSION (PROBLEM alone is its newest version) "
        "or by its ARN.",
        epilog=f"\b\nExample:\n  sageline {name} breast_cancer/1 --comment 'checked by Ann'",
    )
    @click.argument("model", metavar="PROBLEM/VERSION")
    @click.option("--comment", help="Why; it is kept with the model.")
    @options.environment
    @options.home
    def command(model: str, comment: str | None, environment: str | None, home: Path | None) -> int:
        from cli.aws_errors import sentences  # noqa: PLC0415 - boto3 is slow to import; --help does without
        from cli.models import decide, short_name  # noqa: PLC0415
        from cli.session import open_session  # noqa: PLC0415

        session = open_session(home, environment)
        with sentences():
            package = decide(session, model, status, comment)
        click.echo(f"{short_name(package)}: {package['ModelApprovalStatus'].lower()}")
        return 0

    return command
