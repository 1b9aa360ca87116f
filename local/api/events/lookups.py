"""Finding what requests to EventBridge name, and lists in pages as it gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from local.api import paging
from local.api.call import Call
from local.api.errors import ServiceError
from local.functions import rules
from local.functions.rules import Rule
from local.store.names import arn

Item = TypeVar("Item")

BUS = "default"


def check_bus(call: Call) -> None:
    """Raise ResourceNotFoundException where a request names another bus than the one that there is."""
    name = call.params.get("EventBusName")
    if name not in (None, BUS, arn(f"event-bus/{BUS}", service="events")):
        raise missing(f"Event bus {name} does not exist. The laptop has the bus {BUS} alone.")


def rule(call: Call, member: str = "Name") -> Rule:
    """Return the rule that a request names."""
    check_bus(call)
    name = str(call.params[member])
    found = rules.find(call.store, name)
    if found is None:
        raise missing(f"Rule {name} does not exist on EventBus {BUS}.")
    return found


def listed(call: Call, member: str, items: Iterable[Item], name: Callable[[Item], str]) -> tuple[list[Item], Any]:
    """Return the page of items by name that a request asks for, and what the response holds of the next one."""
    params = {"NextToken": call.params.get("NextToken"), "MaxResults": call.params.get("Limit")}
    chosen, token = paging.page(items, params, lambda each: (name(each), name(each)), descending=False)
    return chosen, paging.answer(member, [], token)


def missing(message: str) -> ServiceError:
    """Return EventBridge's word for something that is not there."""
    return ServiceError("ResourceNotFoundException", message)


def invalid(message: str) -> ServiceError:
    """Return EventBridge's word for a request that cannot be carried out as it stands."""
    return ServiceError("ValidationException", message)
