"""Builds a problem's drift pipeline: the same text every time, on any machine, as the problem's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import names
from pipeline.build import written

if TYPE_CHECKING:
    from config.environment import Environment
    from config.problem import Problem
    from config.settings.monitoring import Drift
    from pipeline.site import Site


def build(problem: Problem, environment: Environment) -> str:
    """Return the definition as canonical JSON text, with placeholders for what is known only where it is deployed.

    Thresholds are those of the environment's ``monitoring.drift``, and the settings' defaults where it has none.
    """
    return written(
        problem,
        environment,
        name=names.drift_pipeline_name(problem.name),
        make=lambda site: _steps(site, settings(problem, environment)),
    )


def settings(problem: Problem, environment: Environment) -> Drift:
    """Return how an environment watches a problem."""
    from config.settings.monitoring import Drift  # noqa: PLC0415 - at run time alone

    return environment.monitoring.drift.get(problem.name, Drift())


def _steps(site: Site, watched: Drift) -> tuple[list[object], list[object]]:
    from pipeline.drift import find_captured, gate, measure  # noqa: PLC0415 - imports the SDK
    from pipeline.drift.parameters import drift_parameters  # noqa: PLC0415
    from pipeline.steps import find_champion  # noqa: PLC0415

    given = drift_parameters(site.problem.name, watched)
    site.steps[names.FIND_CHAMPION] = find_champion.build(site)
    site.steps[names.FIND_CAPTURED] = find_captured.build(site, given)
    site.steps[names.MEASURE_DRIFT] = measure.build(site, given)
    return given.all(), [*site.steps.values(), gate.build(site, given)]
