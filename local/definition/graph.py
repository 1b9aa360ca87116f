"""The graph that a definition's steps make: dependencies, cycles, and which branches a step stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.definition.document import Step


def dependencies(steps: Mapping[str, Step], loop_steps: Mapping[str, Step]) -> dict[str, dict[str, str]]:
    """Gives each step's dependencies, trigger by name; names that no step has are left out.

    A ForEach step waits for what its body reads, since the body runs inside it.
    """
    found = {name: _direct(step, steps) for name, step in steps.items()}
    for body in loop_steps.values():
        holder = found.get(body.loop or "")
        if holder is not None:
            for name, trigger in _direct(body, steps).items():
                if name != body.loop:
                    holder.setdefault(name, trigger)
    return found


def _direct(step: Step, steps: Mapping[str, Step]) -> dict[str, str]:
    waits = {name: trigger for name, trigger in step.depends_on.items() if name in steps}
    for reference in step.references:
        if reference.kind in ("property", "property_file") and reference.name in steps:
            waits.setdefault(reference.name, "Completed")
    if step.branch is not None and step.branch[0] in steps:
        waits.setdefault(step.branch[0], "Completed")
    return waits


def branches(step: Step, steps: Mapping[str, Step]) -> list[tuple[str, bool]]:
    """Lists the branches around a step, the innermost first."""
    around: list[tuple[str, bool]] = []
    branch = step.branch
    while branch is not None and branch not in around:
        around.append(branch)
        holder = steps.get(branch[0])
        branch = holder.branch if holder is not None else None
    return around


def cycles(edges: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Finds the groups of steps that wait for one another; each is one way round, its first step named again last."""
    found = []
    for component in _components(edges):
        first = component[0]
        if len(component) > 1 or first in set(edges.get(first, ())):
            found.append(_way_round(first, set(component), edges))
    return found


def _components(edges: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Tarjan's strongly connected components, without recursion so that long chains cannot exhaust the stack."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    result: list[list[str]] = []
    for root in edges:
        if root in order:
            continue
        work = [(root, iter(list(edges.get(root, ()))))]
        order[root] = low[root] = len(order)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    result.append(_pop(stack, on_stack, node, order))
            elif following not in order:
                order[following] = low[following] = len(order)
                stack.append(following)
                on_stack.add(following)
                work.append((following, iter(list(edges.get(following, ())))))
            elif following in on_stack:
                low[node] = min(low[node], order[following])
    return result


def _pop(stack: list[str], on_stack: set[str], node: str, order: Mapping[str, int]) -> list[str]:
    component = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        component.append(member)
        if member == node:
            return sorted(component, key=order.__getitem__)


def _way_round(first: str, component: set[str], edges: Mapping[str, Iterable[str]]) -> list[str]:
    """The shortest way from a step back to itself inside its component."""
    came_from: dict[str, str] = {}
    queue = [first]
    for node in queue:
        for following in edges.get(node, ()):
            if following == first:
                way = [first, node]
                while way[-1] != first:
                    way.append(came_from[way[-1]])
                way.reverse()
                return way if node != first else [first, first]
            if following in component and following not in came_from:
                came_from[following] = node
                queue.append(following)
    return [first, first]
