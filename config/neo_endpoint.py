"""The endpoint on Neo's own image: what it takes of a problem's settings, and of the environment that it runs in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from config import compilation_table as table
from config.compilation import Compile
from config.errors import Mistake, one_of
from config.regions import WITHOUT_NEO

if TYPE_CHECKING:
    from config.environment import Environment
    from config.problem import Problem

PLACE = "compile.endpoint"


def neo_endpoint_mistakes(compiled: Compile) -> Iterator[Mistake]:
    """Yield what keeps an endpoint from serving what is compiled, wherever it is deployed."""
    if not compiled.endpoint:
        return
    if compiled.framework != "xgboost":
        message = f"the endpoint serves the model that is trained, and this one is a model of {compiled.framework}."
        yield Mistake(PLACE, message, "Remove `endpoint`, or compile the model that is trained.")
    elif not set(compiled.targets) & set(table.SERVED):
        message = "none of the targets is an instance family that Neo's own image serves trees on."
        yield Mistake("compile.targets", message, f"Add {one_of(table.SERVED)}, or remove `endpoint`.")


def unserved(problem: Problem, environment: Environment) -> list[Mistake]:
    """Return what keeps an environment from serving what a problem has compiled for its endpoint."""
    if problem.compile is None or not problem.compile.endpoint:
        return []
    found: list[Mistake] = []
    instance, targets = environment.instances.inference, problem.compile.targets
    if family(instance) not in targets:
        message = (
            f"the endpoint's instances in the environment {environment.name} are `{instance}`, and the model is "
            f"compiled for {', '.join(targets)}."
        )
        fix = f"Add `{family(instance)}` to `compile.targets`"
        if family(instance) not in table.SERVED:
            fix = f"Neo's own image serves trees on {', '.join(table.SERVED)}: choose other instances there"
        found.append(Mistake(PLACE, message, f"{fix}, or remove `endpoint`."))
    if environment.region in WITHOUT_NEO:
        message = f"AWS has no image for Neo's models of XGBoost in {environment.region}."
        found.append(Mistake(PLACE, message, "Remove `endpoint`, or choose another region."))
    return found


def family(instance_type: str) -> str:
    """Return an instance type's family as Neo names it: `ml_m5` for `ml.m5.large`."""
    return "_".join(instance_type.split(".")[:2])
