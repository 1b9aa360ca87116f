"""Puts the application together from configuration: environments in, a cloud assembly out."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import aws_cdk as cdk

from config import ConfigurationError, environment_names, load_environment, load_problem, problem_names
from config.delivery_checks import unknown_problem
from config.environment import Environment
from config.errors import Mistake
from config.neo_endpoint import unserved
from config.problem import Problem
from config.promotion_checks import unmatched
from config.serving_checks import unknown_problems
from config.settings.monitoring import watched_mistakes
from config.settings.pipelines import problem_mistakes
from infra.compliance.wildcards import acknowledge_wildcards
from infra.flags import FLAGS
from infra.platform import Platform
from pipeline.names import pipeline_name


def main() -> None:
    """Synthesise what the CDK command line asked for.

    Raises:
        ConfigurationError: with every mistake in the configuration, before anything is built.
    """
    app = new_app()
    chosen = app.node.try_get_context("environment")
    build(app, environments([chosen] if chosen else environment_names()))
    synthesise(app, checks=app.node.try_get_context("checks") != "off")


def synthesise(app: cdk.App, *, checks: bool) -> None:
    """Write the cloud assembly; with ``checks``, hold it against the compliance packs.

    Raises:
        SystemExit: with 1 where the compliance packs found something, which they have printed.
    """
    assembly = app.synth()
    if not checks:
        return
    # The packs' programs are loaded into Node when they are imported: half a second that a synth without checks spares.
    from infra.compliance.packs import hold_against_packs  # noqa: PLC0415

    acknowledge_wildcards(app, Path(assembly.directory))
    hold_against_packs(app)
    try:
        app.synth(force=True)
    except RuntimeError as error:
        if "ValidationFailed" not in str(error):
            raise
        print(
            "Nothing is deployed before each finding above is mended, or acknowledged with its reason.", file=sys.stderr
        )
        raise SystemExit(1) from None


def new_app(outdir: str | None = None) -> cdk.App:
    """Return an empty application that writes nothing of this machine or this moment into its templates."""
    return cdk.App(
        analytics_reporting=False,
        # Two thirds of synth; the tests hold templates against cfn-lint, which knows more.
        builtin_cloud_formation_validation=False,
        context=dict(FLAGS),
        outdir=outdir,
        stack_traces=False,
        tree_metadata=False,
    )


def build(app: cdk.App, environments: Sequence[Environment]) -> list[Platform]:
    """Add each environment's stacks to the application."""
    platforms = [Platform(app, environment, problems(environment)) for environment in environments]
    for platform in platforms:
        platform.build()
    return platforms


def problems(environment: Environment) -> list[Problem]:
    """Load the problems that an environment has pipelines for, and find what is wrong with them, all at once.

    Raises:
        ConfigurationError: with every mistake.
    """
    loaded: list[Problem] = []
    mistakes: list[Mistake] = []
    for name in environment.problems or problem_names():
        try:
            loaded.append(load_problem(name))
        except ConfigurationError as error:
            mistakes += _in_file(error)
    if not mistakes:
        known = [each.name for each in loaded]
        captured = [name for name, endpoint in environment.serving.items() if endpoint.capture_percent]
        mistakes = [
            *_shared_names(loaded),
            *problem_mistakes(environment.pipelines, known),
            *unknown_problems(environment.serving, known),
            *watched_mistakes(environment.monitoring, known, captured),
            *unknown_problem(environment.delivery, known),
            *(_of_problem(each.name, mistake) for each in loaded for mistake in unserved(each, environment)),
        ]
    if mistakes:
        raise ConfigurationError(mistakes, f"The environment {environment.name}")
    return loaded


def environments(names_or_paths: Sequence[str]) -> list[Environment]:
    """Load environments, and find what is wrong with them and between them, all at once.

    Raises:
        ConfigurationError: with every mistake.
    """
    loaded: list[Environment] = []
    mistakes: list[Mistake] = []
    for name in names_or_paths:
        try:
            loaded.append(load_environment(name))
        except ConfigurationError as error:
            mistakes += _in_file(error)
    mistakes += [*_shared_places(loaded), *unmatched(loaded)]
    if mistakes:
        raise ConfigurationError(mistakes, "The configuration")
    return loaded


def _of_problem(name: str, mistake: Mistake) -> Mistake:
    return Mistake(f"{name} {mistake.path}", mistake.message, mistake.fix)


def _in_file(error: ConfigurationError) -> list[Mistake]:
    return [
        Mistake(f"{error.source} {each.path}".strip(), each.message, each.fix, each.line) for each in error.mistakes
    ]


def _shared_names(loaded: Sequence[Problem]) -> list[Mistake]:
    """Return problems whose pipelines would have one name."""
    counted = Counter(pipeline_name(each.name) for each in loaded)
    fix = "Rename one of them: `_` and `-` are the same in a pipeline's name."
    return [
        Mistake("problems", f"{count} problems would have the pipeline {name}.", fix)
        for name, count in counted.items()
        if count > 1
    ]


def _shared_places(loaded: Sequence[Environment]) -> list[Mistake]:
    """Return environments that stand in one account and region: pipelines and endpoints would have the same names."""
    places: dict[tuple[str, str], str] = {}
    mistakes = []
    for each in loaded:
        place = (each.account, each.region)
        if place in places:
            message = f"{each.name} and {places[place]} are both in account {each.account}, region {each.region}."
            fix = "Give each environment an account or a region of its own: pipelines have the same names in all."
            mistakes.append(Mistake("", message, fix))
        places.setdefault(place, each.name)
    return mistakes
