"""`sageline models`: the model registry."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cli import options


@click.command("models", epilog="\b\nExample:\n  sageline models breast_cancer")
@click.argument("problem", required=False)
@options.environment
@options.home
@options.as_json
def command(problem: str | None, environment: str | None, home: Path | None, as_json: bool) -> int:
    """List the registered models with their approval status, of one PROBLEM or of all."""
    from cli.aws_errors import sentences  # noqa: PLC0415 - boto3 is slow to import; --help does without
    from cli.models import of_problem, packages, short_name  # noqa: PLC0415
    from cli.session import open_session  # noqa: PLC0415

    session = open_session(home, environment)
    with sentences():
        found = of_problem(session, problem) if problem else list(packages(session))
    if as_json:
        click.echo(
            json.dumps(
                [
                    {
                        "model_package": package["ModelPackageArn"],
                        "name": short_name(package),
                        "approval": package["ModelApprovalStatus"],
                        "created": package["CreationTime"].isoformat(),
                        "properties": package.get("CustomerMetadataProperties", {}),
                    }
                    for package in found
                ]
            )
        )
        return 0
    if not found and problem:
        click.echo(f"No model of {problem!r} is registered. `sageline models` lists those of all problems.")
    elif not found:
        click.echo("No model is registered yet. `sageline run PROBLEM` registers one when it passes its quality gate.")
    for package in found:
        created = package["CreationTime"].astimezone().strftime("%Y-%m-%d %H:%M:%S")
        click.echo(f"{short_name(package):<40}  {package['ModelApprovalStatus']:<22}  {created}")
    return 0
