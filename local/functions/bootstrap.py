"""What Lambda's runtime does around a handler, as a program: `python -P bootstrap.py FOLDER`.

FOLDER holds `invocation.json`: the event, the handler and its file, the context's members and the deadline. The result
is left there as `result.json`: {"payload": …} or {"error": {"errorMessage", "errorType", "stackTrace"}}. Only the
standard library is imported here; the handler's process is the one place where a function's code is loaded.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import json
import os
import sys
import time
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

_LOOK_SECONDS = 0.003
_PROJECT = Path(__file__).resolve().parents[2]
MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100


class Context:
    """The second argument of a handler, with Lambda's own members."""

    function_version = "$LATEST"
    memory_limit_in_mb = "128"
    identity = None
    client_context = None

    def __init__(self, given: dict[str, Any]) -> None:
        self.aws_request_id: str = given["request_id"]
        self.function_name: str = given["name"]
        self.invoked_function_arn: str = given["arn"]
        self.log_group_name: str = given["log_group"]
        self.log_stream_name: str = given["log_stream"]
        self._deadline: float = given["deadline"]

    def get_remaining_time_in_millis(self) -> int:
        """Return how many milliseconds the invocation has left."""
        return max(0, int((self._deadline - time.time()) * 1000))

    def log(self, message: object) -> None:
        """Write to the log, without a line break of its own."""
        sys.stdout.write(str(message))


def main(folder: Path) -> int:
    """Run one invocation; the exit code is 0 unless the handler itself ended the process."""
    given = _await_invocation(folder / "invocation.json")
    os.environ.update(given["environment"])
    started = time.monotonic()
    print(f"START RequestId: {given['request_id']} Version: $LATEST", flush=True)
    try:
        result = {"payload": json.loads(_invoke(given))}
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever a handler raises is the invocation's result
        result = {"error": _error_form(error)}
        _show(result["error"])
    partly = folder / "result.json.partly"
    partly.write_text(json.dumps(result), encoding="utf-8")
    partly.replace(folder / "result.json")
    print(f"END RequestId: {given['request_id']}")
    milliseconds = (time.monotonic() - started) * 1000
    print(f"REPORT RequestId: {given['request_id']}\tDuration: {milliseconds:.2f} ms", flush=True)
    return 0


def _await_invocation(file: Path) -> dict[str, Any]:
    """Return the invocation once it is there; the time until then goes into what nearly every function imports."""
    parent = os.getppid()
    if not file.exists():
        with contextlib.suppress(ImportError):
            importlib.import_module("boto3")
    while not file.exists():
        if os.getppid() != parent:
            sys.exit(1)  # Whoever started this is gone.
        time.sleep(_LOOK_SECONDS)
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


class _RuntimeFaultError(Exception):
    """What Lambda itself finds wrong; it has Lambda's word for it, and no stack trace."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def _invoke(given: dict[str, Any]) -> str:
    handler = _handler(Path(given["file"]), Path(given["root"]), given["handler"])
    response = handler(given["event"], Context(given))
    try:
        text = json.dumps(response, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise _RuntimeFaultError("Runtime.MarshalError", f"Unable to marshal response: {error}") from None
    if len(text) > MAX_RESPONSE_BYTES:
        message = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
        raise _RuntimeFaultError("Function.ResponseSizeTooLarge", message)
    return text


def _handler(file: Path, root: Path, handler: str) -> Any:
    module_name, _, name = handler.rpartition(".")
    # Modules beside the file import as they do in Lambda, where the code's folder is on the path, and nothing of
    # Sageline's is: a package without __init__.py would lose to a module of the same name there.
    if (_PROJECT / "pyproject.toml").is_file():
        sys.path[:] = [entry for entry in sys.path if Path(entry) != _PROJECT]
    sys.path.insert(0, str(root))
    try:
        # Below a folder of the code, a module has that folder for a package.
        module = (
            _load(file, module_name) if file.parent == root else importlib.import_module(module_name.replace("/", "."))
        )
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        raise _RuntimeFaultError("Runtime.UserCodeSyntaxError", message) from None
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise _RuntimeFaultError("Runtime.ImportModuleError", message) from None
    found = getattr(module, name, None)
    if not callable(found):
        raise _RuntimeFaultError("Runtime.HandlerNotFound", f"Handler '{name}' missing on module '{module_name}'")
    return found


def _load(file: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file) if file.is_file() else None
    if spec is None or spec.loader is None:
        message = f"No module named '{name}'"
        raise ImportError(message)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _error_form(error: BaseException) -> dict[str, Any]:
    if isinstance(error, _RuntimeFaultError):
        return {"errorMessage": str(error), "errorType": error.kind, "stackTrace": []}
    frames = traceback.extract_tb(error.__traceback__)
    shown = [frame for frame in frames if frame.filename != __file__]
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "stackTrace": traceback.format_list(shown),
    }


def _show(form: dict[str, Any]) -> None:
    print(f"[ERROR] {form['errorType']}: {form['errorMessage']}")
    if form["stackTrace"]:
        print("Traceback (most recent call last):")
        print("".join(form["stackTrace"]), end="", flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
