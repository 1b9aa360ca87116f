"""Loads the problem and the environment that a command names, with every mistake in them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.errors import CommandError

if TYPE_CHECKING:
    from config.environment import Environment
    from config.problem import Problem

DEFAULT_ENVIRONMENT = "dev"


def load(problem: str, environment: str | None = None) -> tuple[Problem, Environment]:
    """Return the problem and the environment; mistakes of both files are listed together, else those between them."""
    from config import ConfigurationError, load_environment, load_problem  # noqa: PLC0415 - pydantic is slow to import
    from config.neo_endpoint import unserved  # noqa: PLC0415

    mistakes: list[str] = []
    loaded_problem, loaded_environment = None, None
    try:
        loaded_problem = load_problem(problem)
    except ConfigurationError as error:
        mistakes.append(str(error))
    try:
        loaded_environment = load_environment(environment or DEFAULT_ENVIRONMENT)
    except ConfigurationError as error:
        mistakes.append(str(error))
    if loaded_problem is None or loaded_environment is None:
        raise CommandError("\n".join(mistakes))
    between = unserved(loaded_problem, loaded_environment)
    if between:
        raise CommandError(str(ConfigurationError(between, problem)))
    return loaded_problem, loaded_environment
