"""Operations that describe functions."""

from __future__ import annotations

from local.api import paging
from local.api.call import Call, Handler, Response
from local.api.functions import lookups
from local.functions import manifest


def get_function(call: Call) -> Response:
    """Return a function's configuration and where its code lies."""
    found = lookups.function(call)
    return {
        "Configuration": lookups.configuration(call, found),
        "Code": {"RepositoryType": "S3", "Location": found.file.as_uri()},
    }


def get_function_configuration(call: Call) -> Response:
    """Return a function's configuration."""
    return lookups.configuration(call, lookups.function(call))


def list_functions(call: Call) -> Response:
    """Return all functions by name."""
    params = {"NextToken": call.params.get("Marker"), "MaxResults": call.params.get("MaxItems")}
    chosen, marker = paging.page(
        manifest.functions(call.store), params, lambda each: (each.name, each.name), descending=False, limit=50
    )
    shown = [lookups.configuration(call, each) for each in chosen]
    return {"Functions": shown, **({"NextMarker": marker} if marker else {})}


OPERATIONS: dict[str, Handler] = {
    "GetFunction": get_function,
    "GetFunctionConfiguration": get_function_configuration,
    "ListFunctions": list_functions,
}
