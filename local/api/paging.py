"""Lists in pages: filters, order, and tokens that stay right while resources come and go."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from local.api import errors

Item = TypeVar("Item")
Key = tuple[float | str, str]

MAX_RESULTS = 100


def page(
    items: Iterable[Item], params: Mapping[str, Any], key: Callable[[Item], Key], *, descending: bool, limit: int = 0
) -> tuple[list[Item], str | None]:
    """Return the page of `items` that the parameters ask for, and the token of the next one.

    `key` gives the value that the list is ordered by, and a name that is unique. `descending` is the operation's
    usual order. A token holds the last item's key: what comes before it never comes twice.
    """
    order = params.get("SortOrder")
    downwards = descending if order is None else order == "Descending"
    ordered = sorted(items, key=key, reverse=downwards)
    token = params.get("NextToken")
    if token:
        last = _read(token)
        try:
            ordered = [item for item in ordered if (key(item) < last if downwards else key(item) > last)]
        except TypeError:
            raise _not_a_token() from None
    size = params.get("MaxResults") or limit or MAX_RESULTS
    chosen = ordered[:size]
    more = len(ordered) > size
    return chosen, _write(key(chosen[-1])) if more else None


def answer(member: str, summaries: list[dict[str, Any]], token: str | None) -> dict[str, Any]:
    """Return a list's response: the summaries, and the token where there is more."""
    return {member: summaries, **({"NextToken": token} if token else {})}


def within(value: float, params: Mapping[str, Any], after: str, before: str) -> bool:
    """Say whether a time lies strictly between the two that the parameters name, where they do."""
    return not (
        (params.get(after) is not None and value <= params[after])
        or (params.get(before) is not None and value >= params[before])
    )


def _write(key: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode("ascii")


def _read(token: str) -> Key:
    try:
        value, name = json.loads(base64.b64decode(token.encode(), altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise _not_a_token() from None
    if not isinstance(value, str | int | float) or not isinstance(name, str):
        raise _not_a_token()
    return value, name


def _not_a_token() -> errors.ServiceError:
    return errors.invalid("The NextToken is not one that this list gave. Start again without it.")
