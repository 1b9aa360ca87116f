"""`sageline init`: looks at a table and drafts its problem file."""

from __future__ import annotations

import os
import shlex
import tempfile
from pathlib import Path

import click

from cli.errors import CommandError, replacing


@click.command("init", epilog="\b\nExample:\n  sageline init customers.csv --target churned -o churn.yaml")
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--target", metavar="COL", help="The column to predict.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the problem file.  [default: NAME.yaml here, NAME from the data's name]",
)
@click.option("--header/--no-header", default=None, help="Whether the first line of a CSV file names its columns.")
@click.option("--delimiter", metavar="CHAR", help="What separates the cells of a CSV file, when it is guessed wrong.")
@click.option("--force", is_flag=True, help="Write over a file that is there already.")
def command(
    data: Path, target: str | None, output: Path | None, header: bool | None, delimiter: str | None, force: bool
) -> int:
    """Look at a table and draft the problem file for it.

    DATA is a CSV, Parquet or JSON Lines file, a folder of them, or an output manifest of Ground Truth. The draft says
    what was found: types, missing cells, identifiers, constant columns, columns that give the target away.
    """
    from cli.draft import DraftError, draft, problem_name  # noqa: PLC0415 - reading tables needs pyarrow

    path = output or Path(f"{problem_name(data)}.yaml")
    if path.exists() and not force:
        message = f"{path} is there already. Choose another name with -o, or write over it with --force."
        raise CommandError(message)
    try:
        drafted = draft(data, target, header=header, delimiter=delimiter, problem_file=path)
    except DraftError as error:
        raise CommandError(str(error)) from error
    _write(path, drafted.text)
    for note in drafted.notes:
        click.echo(f"- {note}")
    click.echo(f"Wrote {path}. Read it, then: sageline run {shlex.quote(str(path))}")
    return 0


def _write(path: Path, text: str) -> None:
    with replacing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
