"""The operation Search."""

from __future__ import annotations

from typing import Any

from local.api import errors, paging
from local.api.call import Call, Handler, Response
from local.api.sagemaker.search import expression, records
from local.api.sagemaker.search.properties import Property, find
from local.api.sagemaker.search.records import Record

DEFAULT_ORDER = "LastModifiedTime"


def search(call: Call) -> Response:
    """Return a page of the records that satisfy an expression; the last modified first unless asked otherwise."""
    params = call.params
    resource = params["Resource"]
    matches = expression.compile_expression(resource, params.get("SearchExpression"))
    order = _order(resource, params.get("SortBy") or DEFAULT_ORDER)
    if params.get("CrossAccountFilterOption") == "CrossAccount":
        return {"Results": [], "TotalHits": {"Value": 0, "Relation": "EqualTo"}}
    found = [record for record in records.every(call.store, resource) if matches(record.body)]
    chosen, token = paging.page(found, params, lambda record: _key(record, order), descending=True)
    results = [{resource: record.body} for record in chosen]
    hits = {"Value": len(found), "Relation": "EqualTo"}
    return {**paging.answer("Results", results, token), "TotalHits": hits}


def _order(resource: str, name: str) -> Property | None:
    """Return the property to sort by; None for the time of the last change, which every record has."""
    if name == DEFAULT_ORDER:
        return None
    found = find(resource, name)
    if found is None:
        raise errors.invalid(f"Unknown property name {name!r} in SortBy for the resource {resource}.")
    return found


def _key(record: Record, order: Property | None) -> paging.Key:
    """Return what a record is sorted by; records without the property come before all others."""
    if order is None:
        return record.modified, record.arn
    value: Any = next(order.values(record.body), None)
    if order.is_text:
        return str(value) if value is not None else "", record.arn
    return float(value) if value is not None else float("-inf"), record.arn


OPERATIONS: dict[str, Handler] = {"Search": search}
