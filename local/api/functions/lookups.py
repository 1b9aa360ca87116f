"""Finding the function that a request names, and its configuration as Lambda describes it."""

from __future__ import annotations

import base64
import sys
from datetime import UTC, datetime
from typing import Any

from local.api.call import Call
from local.api.errors import ServiceError
from local.functions import manifest
from local.functions.manifest import Function
from local.store.names import role_arn
from local.store.resources import Resource


def function(call: Call) -> Function:
    """Return the function of a request's FunctionName: a name, an ARN, or `ACCOUNT:function:NAME`."""
    given = str(call.params["FunctionName"])
    partial = given.partition("function:")[2] if not given.startswith("arn:") else ""
    name = (partial or given).partition(":")[0] if not given.startswith("arn:") else given
    found = manifest.find(call.store, name)
    if found is None:
        shown = given if given.startswith("arn:") else manifest.function_arn(name)
        raise ServiceError("ResourceNotFoundException", f"Function not found: {shown}", status=404)
    return found


def configuration(call: Call, found: Function) -> dict[str, Any]:
    """Return a function's configuration; what has no meaning on the laptop (role, memory) has its usual value."""
    resource = call.store.resources.get(manifest.KIND, found.name)
    digest = "" if found.folder else found.code_sha256()
    return {
        "FunctionName": found.name,
        "FunctionArn": found.arn,
        "Runtime": f"python{sys.version_info.major}.{sys.version_info.minor}",
        "Role": role_arn("sageline-laptop-functions"),
        "Handler": found.handler,
        "CodeSize": found.file.stat().st_size if digest else 0,
        "Description": found.description,
        "Timeout": max(1, round(found.timeout)),
        "MemorySize": 128,
        "LastModified": _moment(resource),
        "CodeSha256": base64.b64encode(bytes.fromhex(digest)).decode(),
        "Version": "$LATEST",
        "Environment": {"Variables": dict(found.environment)},
        "TracingConfig": {"Mode": "PassThrough"},
        "PackageType": "Zip",
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": found.log_group},
        **found.created,
    }


def _moment(resource: Resource | None) -> str:
    seconds = resource.modified if resource is not None else 0.0
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
