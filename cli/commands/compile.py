"""`sageline compile`: a model as a shared library, and its bundle for a device."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import options

if TYPE_CHECKING:
    from cli.compiling import Result

EXAMPLE = "\b\nExample:\n  sageline compile breast_cancer/1 --target linux-aarch64"


@click.command("compile", epilog=EXAMPLE)
@click.argument("model", metavar="MODEL")
@click.option(
    "--target",
    required=True,
    metavar="TARGET",
    help="host, linux-x86_64, linux-aarch64 and the like, or a device of SageMaker Neo such as ml_c5 or rasp4b.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the artefact goes, the edge bundle beside it.  [default: NAME-TARGET.tar.gz]",
)
@options.environment
@options.home
@options.as_json
def command(
    model: str, target: str, output: Path | None, environment: str | None, home: Path | None, as_json: bool
) -> int:
    """Compile a model to a shared library for TARGET, with the same answers to the last bit.

    MODEL is PROBLEM/VERSION (PROBLEM alone: its newest version), an ARN, a model.tar.gz, or a model file of XGBoost or
    LightGBM.
    """
    # numpy and boto3 are slow to import; --help does without.
    from cli.aws_errors import sentences  # noqa: PLC0415
    from cli.compiling import compiled, fetched  # noqa: PLC0415
    from cli.errors import CommandError  # noqa: PLC0415
    from cli.session import open_session  # noqa: PLC0415
    from inference.compiler import CompileError  # noqa: PLC0415
    from inference.compiler.targets import parse_target  # noqa: PLC0415

    try:
        chosen = parse_target(target)
    except CompileError as error:
        raise CommandError(str(error)) from error
    with sentences(), fetched(model, lambda: open_session(home, environment)) as source:
        artefact = output or Path(f"{source.name}-{source.version}-{target}.tar.gz")
        result = compiled(source, chosen, artefact)
    click.echo(_json(result) if as_json else _text(result))
    return 0


def _text(result: Result) -> str:
    facts, checked = result.compiled.facts, result.compiled.facts["checked"]
    rows = checked["adversarial_rows"] + checked["given_rows"]
    what = f"{facts['trees']} trees" if facts["kind"] == "trees" else "The linear model"
    lines = [
        f"{what} compiled for {result.compiled.target.name}.",
        f"Compared with the model on {rows} rows, {checked['how']}: {checked['differing']} with other bits.",
    ]
    if result.compiled.library is None:
        lines.append("This machine has no compiler for that target: build the source there, as compiled.json says.")
    lines.append(f"Artefact:    {result.artefact}")
    if result.bundle:
        lines.append(f"Edge bundle: {result.bundle}  (on the device: unzip it, then ./run rows.csv)")
    else:
        lines.append("No edge bundle: the model comes without the features that raw rows need.")
    return "\n".join(lines)


def _json(result: Result) -> str:
    return json.dumps(
        {
            "artefact": str(result.artefact),
            "bundle": str(result.bundle) if result.bundle else None,
            "compiled": dict(result.compiled.facts),
        }
    )
