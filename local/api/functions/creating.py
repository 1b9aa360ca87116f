"""Operations that create, change and delete functions, from zip archives in the request or on S3."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from local.api.call import Call, Handler, Response
from local.api.errors import ServiceError
from local.api.functions import lookups
from local.functions import manifest, packages
from local.functions.manifest import Function
from local.functions.packages import Package, PackageError
from local.store.objects import ObjectError, split_uri

_SHOWN = ("Runtime", "Role", "MemorySize")
# Lambda's own default, in seconds.
_TIMEOUT = 3


def create_function(call: Call) -> Response:
    """Create a function from an archive."""
    params = call.params
    name = _name(params["FunctionName"])
    if call.store.resources.get(manifest.KIND, name) is not None:
        raise ServiceError("ResourceConflictException", f"Function already exist: {name}", status=409)
    _hold(params)
    package = _package(call, name, params["Code"])
    shown = {"Runtime": "", "Role": "", "MemorySize": 128, **_given(params)}
    found = Function(
        name=name,
        file=_file(package.folder, params.get("Handler", "")),
        handler=params.get("Handler", ""),
        environment=_variables(params) or {},
        timeout=float(params.get("Timeout", _TIMEOUT)),
        description=params.get("Description", ""),
    )
    return _register(call, _with(found, package, shown))


def update_function_code(call: Call) -> Response:
    """Give a function another archive."""
    found = lookups.function(call)
    package = _package(call, found.name, call.params)
    file = _file(package.folder, found.handler)
    if call.params.get("DryRun"):
        return lookups.configuration(call, found)
    return _register(call, _with(replace(found, file=file), package, found.created))


def update_function_configuration(call: Call) -> Response:
    """Change what a request names; the rest stays."""
    found, params = lookups.function(call), call.params
    _hold(params)
    handler = params.get("Handler", found.handler)
    variables = _variables(params)
    changed = replace(
        found,
        handler=handler,
        file=_file(found.root, handler) if "Handler" in params else found.file,
        environment=found.environment if variables is None else variables,
        timeout=float(params.get("Timeout", found.timeout)),
        description=params.get("Description", found.description),
        created={**found.created, **_given(params)},
    )
    return _register(call, changed)


def delete_function(call: Call) -> Response:
    """Delete a function and its code; its logs stay."""
    found = lookups.function(call)
    call.store.resources.delete(manifest.KIND, found.name)
    shutil.rmtree(packages.code_of(call.store, found.name), ignore_errors=True)
    return {}


def _register(call: Call, function: Function) -> Response:
    try:
        return lookups.configuration(call, manifest.register(call.store, function, now=call.now))
    except manifest.FunctionError as error:
        raise _invalid(str(error)) from error


def _with(function: Function, package: Package, shown: Mapping[str, Any]) -> Function:
    created = {**shown, "CodeSha256": package.sha256, "CodeSize": package.size}
    return replace(function, folder=str(package.folder), created=created)


def _hold(params: Mapping[str, Any]) -> None:
    """Refuse what the laptop cannot run."""
    runtime, kind = params.get("Runtime", ""), params.get("PackageType", "Zip")
    if kind != "Zip":
        raise _invalid("The laptop makes functions of zip archives; container images are not there.")
    if runtime and not runtime.startswith("python3"):
        raise _invalid(f"The runtime {runtime} is not on the laptop, which runs Python functions (python3.x).")


def _package(call: Call, name: str, code: Mapping[str, Any]) -> Package:
    try:
        return packages.keep(call.store, name, _content(call, code))
    except PackageError as error:
        raise _invalid(str(error)) from error


def _content(call: Call, code: Mapping[str, Any]) -> bytes:
    content = code.get("ZipFile")
    if content is not None:
        return bytes(content)
    if "S3Bucket" not in code or "S3Key" not in code:
        raise _invalid("Please provide a source for function code: ZipFile, or S3Bucket and S3Key.")
    try:
        with call.store.objects.open(*split_uri(f"s3://{code['S3Bucket']}/{code['S3Key']}")) as handle:
            return handle.read()
    except ObjectError as error:
        raise _invalid(f"Error occurred while GetObject: {error}") from error


def _file(folder: Path, handler: str) -> Path:
    """Return the file of a handler's module; what leaves the folder is no module's name."""
    module = handler.rpartition(".")[0].replace(".", "/")
    if not module or ".." in handler or handler.startswith("/"):
        raise _invalid(f"The handler {handler!r} is not of the form module.function.")
    return folder / f"{module}.py"


def _variables(params: Mapping[str, Any]) -> dict[str, str] | None:
    given = params.get("Environment")
    return None if given is None else dict(given.get("Variables") or {})


def _given(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: params[name] for name in _SHOWN if name in params}


def _name(given: str) -> str:
    """Return the name in a function's name, ARN or partial ARN."""
    return given.partition("function:")[2].partition(":")[0] or given


def _invalid(message: str) -> ServiceError:
    return ServiceError("InvalidParameterValueException", message)


OPERATIONS: dict[str, Handler] = {
    "CreateFunction": create_function,
    "DeleteFunction": delete_function,
    "UpdateFunctionCode": update_function_code,
    "UpdateFunctionConfiguration": update_function_configuration,
}
