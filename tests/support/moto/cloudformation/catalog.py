"""The resource types that can be made: one a module in ``tests.support.moto.resources``."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from tests.support.moto import resources
from tests.support.moto.cloudformation.errors import UnsupportedError
from tests.support.moto.cloudformation.resource import Resource


@cache
def catalog() -> dict[str, Resource]:
    """Return every resource type that can be made, by name."""
    found: dict[str, Resource] = {}
    for module in pkgutil.walk_packages(resources.__path__, f"{resources.__name__}."):
        each = getattr(importlib.import_module(module.name), "RESOURCE", None)
        if isinstance(each, Resource):
            assert each.type not in found, f"{each.type} is there twice"
            found[each.type] = each
    return found


def resource(type_: str) -> Resource:
    """Return how a type is made.

    Raises:
        UnsupportedError: where no module says so.
    """
    if type_ not in catalog():
        raise UnsupportedError(
            f"The test support cannot make {type_}: add a module for it to tests/support/moto/resources"
        )
    return catalog()[type_]
