"""`sageline definition`: the pipeline definition as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cli import options


@click.command("definition", epilog="\b\nExample:\n  sageline definition breast_cancer > pipeline.json")
@click.argument("problem")
@click.option("--env", "environment", metavar="NAME", help="An environment in config/environments.  [default: dev]")
@options.home
def command(problem: str, environment: str | None, home: Path | None) -> int:
    """Print the SageMaker pipeline definition of a problem.

    Placeholders such as ${ArtifactBucket} stand where a deployment puts its own names.
    """
    from cli.problems import load  # noqa: PLC0415 - --help does without
    from local.store.home import Home  # noqa: PLC0415
    from pipeline.definition import definition  # noqa: PLC0415

    loaded, where = load(problem, environment)
    text = definition(loaded, where, cache_dir=Home.find(home).root / "definitions")
    click.echo(json.dumps(json.loads(text), indent=2))
    return 0
