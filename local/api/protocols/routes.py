"""Which operation a REST request means: found from the method, path, query and headers that the model gives each."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from botocore.model import OperationModel, ServiceModel

from local.api.protocols.http import HttpRequest

_LABEL = re.compile(r"\{([^}+]+)(\+?)\}")


@dataclass(frozen=True)
class Route:
    """One operation's place: the path's pattern, and what query and headers must hold for it."""

    operation: str
    method: str
    path: re.Pattern[str]
    labels: tuple[str, ...]
    literals: tuple[tuple[str, str], ...]
    query: frozenset[str]
    headers: frozenset[str]

    @property
    def weight(self) -> int:
        """How particular the route is; of several that fit, the most particular is meant."""
        return len(self.literals) + len(self.query) + len(self.headers)

    def fits(self, query: Mapping[str, str], headers: Mapping[str, str]) -> bool:
        """Say whether a request's query and headers hold what this operation requires."""
        return (
            all(query.get(name) == value for name, value in self.literals)
            and self.query <= query.keys()
            and self.headers <= headers.keys()
        )


def find(request: HttpRequest, service: ServiceModel) -> tuple[str, dict[str, str]] | None:
    """Return the operation that a request means and its path's labels, decoded; None where there is none."""
    query = dict(request.query)
    best: Route | None = None
    for route in _routes(service).get(request.method, ()):
        if route.path.fullmatch(request.path) and route.fits(query, request.headers):
            best = route if best is None or route.weight > best.weight else best
    if best is None:
        return None
    match = best.path.fullmatch(request.path)
    values = match.groups() if match is not None else ()
    return best.operation, {
        label: unquote(value, errors="strict") for label, value in zip(best.labels, values, strict=True)
    }


@functools.cache
def _routes(service: ServiceModel) -> dict[str, list[Route]]:
    table: dict[str, list[Route]] = {}
    for name in service.operation_names:
        route = _route(service.operation_model(name))
        table.setdefault(route.method, []).append(route)
    return table


def _route(operation: OperationModel) -> Route:
    path, _, literals = operation.http["requestUri"].partition("?")
    query, headers = set(), set()
    shape = operation.input_shape
    for member in shape.required_members if shape is not None else ():
        place = shape.members[member].serialization if shape is not None else {}
        if place.get("location") == "querystring":
            query.add(place["name"])
        elif place.get("location") == "header":
            headers.add(place["name"].lower())
    return Route(
        operation=operation.name,
        method=operation.http["method"],
        path=_pattern(path),
        labels=tuple(name for name, _ in _LABEL.findall(path)),
        literals=tuple(parse_qsl(literals, keep_blank_values=True)),
        query=frozenset(query),
        headers=frozenset(headers),
    )


def _pattern(path: str) -> re.Pattern[str]:
    """Return a template such as `/{Bucket}/{Key+}` as an expression; only a label with a plus takes slashes."""
    pieces = []
    position = 0
    for label in _LABEL.finditer(path):
        pieces.append(re.escape(path[position : label.start()]))
        pieces.append("(.+)" if label[2] else "([^/]+)")
        position = label.end()
    pieces.append(re.escape(path[position:]))
    text = "".join(pieces)
    return re.compile(text if text.endswith(("/", "(.+)")) else f"{text}/?", re.DOTALL)
