"""Problems (what to predict) and environments (where to run), read from YAML and held to their rules."""

from config.errors import ConfigurationError, Mistake
from config.loading import environment_names, load_environment, load_problem, problem_names

__all__ = [
    "ConfigurationError",
    "Mistake",
    "environment_names",
    "load_environment",
    "load_problem",
    "problem_names",
]
