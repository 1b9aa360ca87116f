"""Loads problems and environments from files, bundled ones by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from config.errors import ConfigurationError, Mistake, suggestion

if TYPE_CHECKING:
    from config.environment import Environment
    from config.fields import Settings
    from config.problem import Problem

HOME = Path(__file__).parent
PROBLEMS = HOME / "problems"
ENVIRONMENTS = HOME / "environments"
SUFFIXES = (".yaml", ".yml")

Model = TypeVar("Model", bound="Settings")


def problem_names() -> list[str]:
    """Return the names of the bundled problems."""
    return sorted(path.stem for path in PROBLEMS.glob("*.yaml"))


def environment_names() -> list[str]:
    """Return the names of the bundled environments."""
    return sorted(path.stem for path in ENVIRONMENTS.glob("*.yaml"))


def load_problem(name_or_path: str | Path) -> Problem:
    """Load a problem by the name of a bundled one or by its file.

    Paths of the data and of an earlier model are made absolute: in the file they are relative to the file's folder.

    Raises:
        ConfigurationError: with every mistake in the file.
    """
    from config.cross_checks import cross_mistakes, hyperparameter_mistakes  # noqa: PLC0415
    from config.problem import Problem, is_registered  # noqa: PLC0415 - pydantic is slow to import
    from config.tuning import tuning_mistakes  # noqa: PLC0415

    path = _find(str(name_or_path), "problem", PROBLEMS, problem_names())
    checks = (cross_mistakes, hyperparameter_mistakes, tuning_mistakes)
    problem = _load(path, Problem, lambda values: [each for check in checks for each in check(values)])
    made: dict[str, Any] = {}
    if "://" not in problem.data:
        made["data"] = _beside(path, problem.data)
    earlier = problem.training.continue_from
    if earlier is not None and "://" not in earlier and not is_registered(earlier):
        made["training"] = problem.training.model_copy(update={"continue_from": _beside(path, earlier)})
    return problem.model_copy(update=made)


def load_environment(name_or_path: str | Path) -> Environment:
    """Load an environment by the name of a bundled one or by its file.

    Raises:
        ConfigurationError: with every mistake in the file.
    """
    from config.delivery_checks import delivery_mistakes  # noqa: PLC0415
    from config.environment import Environment  # noqa: PLC0415 - pydantic is slow to import
    from config.network_checks import network_mistakes  # noqa: PLC0415
    from config.promotion_checks import promotion_mistakes  # noqa: PLC0415
    from config.serving_checks import serving_mistakes  # noqa: PLC0415
    from config.workbench_checks import workbench_mistakes  # noqa: PLC0415

    path = _find(str(name_or_path), "environment", ENVIRONMENTS, environment_names())
    checks = (network_mistakes, serving_mistakes, workbench_mistakes, delivery_mistakes, promotion_mistakes)
    return _load(path, Environment, lambda values: [each for check in checks for each in check(values)])


def _beside(file: Path, written: str) -> str:
    return str((file.absolute().parent / Path(written).expanduser()).resolve())


def _find(name: str, what: str, folder: Path, names: list[str]) -> Path:
    path = Path(name)
    if name in names and not path.suffix:
        return folder / f"{name}.yaml"
    if path.is_file():
        return path
    if path.suffix in SUFFIXES or len(path.parts) > 1 or path.exists():
        message = "It is a folder." if path.is_dir() else "There is no such file."
        raise ConfigurationError([Mistake("", message, f"Check the path of the {what} file.")], name)
    article = "an" if what[0] in "aeiou" else "a"
    fix = f"{suggestion(name, names)} Or give the path of {article} {what} file."
    raise ConfigurationError([Mistake("", f"There is no {what} of this name.", fix)], name)


def _load(path: Path, model: type[Model], cross: Callable[[Mapping[str, Any]], list[Mistake]]) -> Model:
    from config import yaml_text  # noqa: PLC0415 - PyYAML is slow to import

    document = yaml_text.read(_text(path))
    mistakes = list(document.mistakes)
    values = {"name": path.stem, **document.values}
    if not mistakes:
        loaded, mistakes = _validated(values, model)
        wrong = {each.path.partition(".")[0].partition("[")[0] for each in mistakes}
        mistakes += cross({name: value for name, value in values.items() if name not in wrong})
        if loaded is not None and not mistakes:
            return loaded
    if "name" not in document.values:
        mistakes = [_named_by_file(each) if each.path == "name" else each for each in mistakes]
    located = [_located(each, document.lines) for each in mistakes]
    raise ConfigurationError(sorted(located, key=lambda each: each.line or 0), str(path))


def _validated(values: Mapping[str, Any], model: type[Model]) -> tuple[Model | None, list[Mistake]]:
    """Return the settings, or None with what is wrong with each; what is wrong between them is looked for apart."""
    from pydantic import ValidationError  # noqa: PLC0415 - slow to import

    from config.mistakes import from_validation  # noqa: PLC0415

    try:
        return model.model_validate(values), []
    except ValidationError as error:
        return None, [each for each in from_validation(error, model) if each.path]


def _named_by_file(mistake: Mistake) -> Mistake:
    message = f"{mistake.message[:-1]}, and without `name:` the file's name is taken."
    return Mistake(mistake.path, message, f"Add `name:`. {mistake.fix}")


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigurationError(
            [Mistake("", f"It cannot be read: {error.strerror}.", "Check the file.")], str(path)
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            [Mistake("", f"It is not UTF-8 (byte {error.start}).", "Save it as UTF-8.")], str(path)
        ) from error


def _located(mistake: Mistake, lines: Mapping[str, int]) -> Mistake:
    line = mistake.line or lines.get(mistake.path)
    return Mistake(mistake.path, mistake.message, mistake.fix, line)
