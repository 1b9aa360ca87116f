"""`sageline validate`: everything that is wrong with a problem or a definition, before anything runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import options
from cli.errors import SUCCEEDED, WRONG_USAGE, CommandError

if TYPE_CHECKING:
    from local.definition.findings import Finding

MAX_BYTES = 50_000_000


@click.command("validate", epilog="\b\nExamples:\n  sageline validate churn.yaml\n  sageline validate pipeline.json")
@click.argument("subject", metavar="PROBLEM|FILE.json")
@click.option("--env", "environment", metavar="NAME", help="An environment in config/environments.  [default: dev]")
@options.home
@options.as_json
def command(subject: str, environment: str | None, home: Path | None, as_json: bool) -> int:
    """Check a problem file, or any SageMaker pipeline definition in a .json file.

    Columns that a problem names are looked for in its data, if that lies on this machine.

    A definition is held against the requests that its steps will send (required members, lengths, patterns,
    enumerations) and against itself (references, cycles, branches, property files, limits of the service).
    """
    from local.definition.validate import validate  # noqa: PLC0415 - --help does without

    if subject.endswith(".json"):
        text = _read(Path(subject))
        raw = _parse(text, subject)
    else:
        text = _build(subject, environment, home)
        raw = json.loads(text)
    findings = validate(raw, text_size=len(text))
    errors = [finding for finding in findings if finding.severity == "error"]
    if as_json:
        click.echo(json.dumps([_as_object(finding) for finding in findings]))
    else:
        _print(subject, findings, len(errors))
    return WRONG_USAGE if errors else SUCCEEDED


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            message = f"{path} is larger than {MAX_BYTES // 1_000_000} MB: that is no pipeline definition."
            raise CommandError(message)
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8 text (byte {error.start}). Save it as UTF-8."
        raise CommandError(message) from error
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
        raise CommandError(message) from error


def _parse(text: str, subject: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message = f"{subject} is not JSON (line {error.lineno}, column {error.colno}: {error.msg})."
        raise CommandError(message) from error
    except RecursionError as error:
        message = f"{subject} is nested too deeply to be a pipeline definition."
        raise CommandError(message) from error


def _build(problem: str, environment: str | None, home: Path | None) -> str:
    from cli.named_columns import check_columns  # noqa: PLC0415 - Arrow is slow to import
    from cli.problems import load  # noqa: PLC0415 - a definition file needs neither problem nor SDK
    from cli.publish import laptop_values  # noqa: PLC0415
    from cli.session import open_session  # noqa: PLC0415
    from pipeline.definition import definition  # noqa: PLC0415
    from pipeline.placeholders import fill  # noqa: PLC0415

    loaded, where = load(problem, environment)
    check_columns(loaded)
    session = open_session(home)
    text = definition(loaded, where, cache_dir=session.home.root / "definitions")
    code = f"s3://{session.artifact_bucket}/code/{'0' * 64}.tar.gz"
    return fill(text, laptop_values(session, where.network.subnet_count, code, code.rsplit("/", 1)[-1]))


def _as_object(finding: Finding) -> dict[str, str]:
    return {name: str(getattr(finding, name)) for name in ("severity", "rule", "path", "message", "fix")}


def _print(subject: str, findings: list[Finding], errors: int) -> None:
    for finding in findings:
        click.echo(f"{finding.severity}: {finding.path}: {finding.message}")
        if finding.fix:
            click.echo(f"    {finding.fix}")
    warnings = len(findings) - errors
    if errors:
        click.echo(f"{subject}: {errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}.")
    else:
        click.echo(f"{subject} is valid." + (f" {warnings} warning{'s' * (warnings != 1)}." if warnings else ""))
