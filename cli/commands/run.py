"""`sageline run`: one execution of a problem's pipeline, followed to its end."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import click

from cli import options
from cli.errors import CommandError


@click.command(
    "run",
    epilog="\b\nExamples:\n  sageline run breast_cancer\n  sageline run churn.yaml -p MetricThreshold=0.9 -p Seed=3\n"
    "  sageline run breast_cancer --env dev",
)
@click.argument("problem")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a pipeline parameter; may be given several times.",
)
@click.option("--only", metavar="STEP,STEP", help="Run these steps alone, on the results of an earlier execution.")
@click.option(
    "--from", "source", metavar="EXECUTION", help="With --only: whose results are reused.  [default: the latest]"
)
@click.option(
    "--cache",
    type=click.Choice(["content", "service"]),
    help="Compare steps by the bytes that go in, or as AWS does by the request alone.  [default: content]",
)
@click.option("--detach", is_flag=True, help="Start the execution, print its ARN and leave.")
@options.environment
@options.home
@options.as_json
def command(
    problem: str,
    parameters: tuple[str, ...],
    only: str | None,
    source: str | None,
    cache: str | None,
    detach: bool,
    environment: str | None,
    home: Path | None,
    as_json: bool,
) -> int:
    """Run a problem's pipeline from raw data to a registered model.

    PROBLEM is a problem file, or the name of one in config/problems. Ctrl-C stops the execution; closing the terminal
    does not. Exit codes: 0 succeeded, 1 the run failed, 2 wrong usage or configuration, 130 interrupted.
    """
    # Everything below imports boto3 and more: `sageline run --help` does without.
    from cli import earlier, selection  # noqa: PLC0415
    from cli.aws_errors import sentences  # noqa: PLC0415
    from cli.executions import parse_arn  # noqa: PLC0415
    from cli.follow import follow  # noqa: PLC0415
    from cli.inputs import input_parameters  # noqa: PLC0415
    from cli.outcome import finish  # noqa: PLC0415
    from cli.parameters import check as check_parameters  # noqa: PLC0415
    from cli.problems import load  # noqa: PLC0415
    from cli.session import open_session  # noqa: PLC0415
    from cli.step_cache import chosen_cache  # noqa: PLC0415
    from cli.view.progress import progress_for_terminal  # noqa: PLC0415
    from pipeline.names import pipeline_name  # noqa: PLC0415

    given = parse_parameters(parameters)
    names = None if only is None else selection.step_names(only)
    if source is not None and names is None:
        message = "--from says whose results selected steps go on with: name the steps with --only."
        raise CommandError(message)
    if environment is not None and cache is not None:
        message = "--cache chooses between caches of the laptop's: an AWS environment has the service's. Leave it out."
        raise CommandError(message)
    loaded, settings = load(problem, environment)
    check_parameters(loaded, given)
    session = open_session(home, environment)
    with sentences():
        selected: dict[str, Any] = {}
        if names is not None:
            reference = selection.reference(session, pipeline_name(loaded.name), source)
            selected = {"SelectiveExecutionConfig": selection.config(names, reference)}
            given = {**selection.parameters(session, reference), **given}
        if "InputDataUri" not in given:
            given = {**input_parameters(session, loaded), **given}
        if earlier.PARAMETER not in given:
            given = {**given, **earlier.earlier_parameters(session, loaded)}
        # After the data has been found: a wrong path leaves nothing behind.
        pipeline = session.ready(session, loaded, settings)
        with chosen_cache(session, pipeline, cache):
            started = session.sagemaker.start_pipeline_execution(
                PipelineName=pipeline,
                PipelineParameters=[{"Name": name, "Value": value} for name, value in given.items()],
                # Two runs of the same command are two executions: the token only makes one call safe to repeat.
                ClientRequestToken=uuid.uuid4().hex,
                **selected,
            )
        name = parse_arn(started["PipelineExecutionArn"])
        if detach:
            click.echo(name.arn)
            return 0
        click.echo(f"Execution {name.id} of {name.pipeline}", err=True)
        followed = follow(session, name, progress_for_terminal())
        return finish(session, name, followed, as_json=as_json)


def parse_parameters(given: tuple[str, ...]) -> dict[str, str]:
    """Return the parameters of `NAME=VALUE` words; every word that is not one is listed."""
    pairs = [word.partition("=") for word in given]
    wrong = [word for word, (name, equals, _) in zip(given, pairs, strict=True) if not equals or not name]
    if wrong:
        message = f"Parameters are written NAME=VALUE, for example -p Seed=3. Not so: {', '.join(map(repr, wrong))}."
        raise CommandError(message)
    names = [name for name, _, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        message = f"Given twice: {', '.join(twice)}. Give each parameter once."
        raise CommandError(message)
    return {name: value for name, _, value in pairs}
