"""The order in which resources are made: each after what it refers to or waits for."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from tests.support.moto.cloudformation.errors import TemplateError
from tests.support.moto.cloudformation.intrinsics import mentioned


def in_order(resources: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return logical ids so that each follows those it needs, and otherwise by name.

    Raises:
        TemplateError: where resources wait for each other in a circle, or for one that is not there.
    """
    sorter = TopologicalSorter({name: sorted(_needs(name, resources)) for name in sorted(resources)})
    try:
        return list(sorter.static_order())
    except CycleError as error:
        raise TemplateError(
            f"Circular dependency between resources: [{', '.join(sorted(set(error.args[1])))}]"
        ) from None


def _needs(name: str, resources: Mapping[str, Mapping[str, Any]]) -> set[str]:
    resource = resources[name]
    waits = resource.get("DependsOn", [])
    named = {waits} if isinstance(waits, str) else set(waits)
    if missing := sorted(named - set(resources)):
        raise TemplateError(f"Template format error: Unresolved resource dependencies [{', '.join(missing)}]")
    return named | (mentioned(resource.get("Properties", {})) & set(resources))
