"""Which functions there are: for each ARN the file, the handler in it, and what starts it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from local.store.names import arn
from local.store.resources import Resource
from local.store.store import Store

KIND = "Function"
DEFAULT_TIMEOUT = 60.0
MAX_TIMEOUT = 900.0
MAX_BATCH = 10
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ARN = re.compile(r"arn:[^:]+:lambda:[^:]*:[^:]*:function:(?P<name>[A-Za-z0-9_-]+)(:[^:]*)?")


class FunctionError(ValueError):
    """A function that cannot be registered; the message says why and what to do."""


@dataclass(frozen=True)
class Function:
    """One function: `handler` is `module.name`, as Lambda writes it, and `file` the module's file on this machine.

    `rules` are EventBridge patterns; an event that one of them matches is sent to the function. `queue` is the URL of
    the queue whose messages are, in batches of `batch_size`; with `report_failures` the function names those of a batch
    that failed (ReportBatchItemFailures), else the whole batch fails or succeeds. A function that was created from an
    archive has the archive's `folder`, and what its configuration shows of it in `created`.
    """

    name: str
    file: Path
    handler: str
    arn: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout: float = DEFAULT_TIMEOUT
    rules: tuple[Mapping[str, Any], ...] = ()
    queue: str | None = None
    batch_size: int = MAX_BATCH
    report_failures: bool = False
    description: str = ""
    folder: str = ""
    created: Mapping[str, Any] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The folder that a handler's module is named from."""
        return Path(self.folder) if self.folder else self.file.parent

    @property
    def log_group(self) -> str:
        """The function's group in CloudWatch Logs."""
        return f"/aws/lambda/{self.name}"

    def code_sha256(self) -> str:
        """Return the digest of the function's file, "" where it is gone."""
        try:
            return hashlib.sha256(self.file.read_bytes()).hexdigest()
        except OSError:
            return ""


def function_arn(name: str) -> str:
    """Return the ARN of a function in the laptop's account."""
    return arn(f"function:{name}", service="lambda")


def register(store: Store, function: Function, *, now: float) -> Function:
    """Add a function to the manifest, or replace the one of its name; nothing is written where nothing changes.

    Raises:
        FunctionError: its name, file, handler or timeout cannot be used.
    """
    _check(function)
    body = {**asdict(function), "arn": function.arn or function_arn(function.name), "file": str(function.file)}
    earlier = store.resources.get(KIND, function.name)
    if earlier is None or earlier.arn != body["arn"]:
        store.resources.delete(KIND, function.name)
    found = earlier if earlier is not None and _same(earlier.body, body) else None
    return read(found or store.resources.put(KIND, function.name, body["arn"], body, now=now, status="Active"))


def find(store: Store, name_or_arn: str) -> Function | None:
    """Return the function of a name or an ARN, None where there is none.

    A version or an alias after the ARN is left out, and so are account and region: a definition that was deployed
    elsewhere finds the function of the same name here.
    """
    exact = store.resources.by_arn(name_or_arn)
    if exact is not None and exact.kind == KIND:
        return read(exact)
    match = _ARN.fullmatch(name_or_arn)
    found = store.resources.get(KIND, match["name"] if match else name_or_arn)
    return None if found is None else read(found)


def unknown(name_or_arn: str) -> str:
    """Return what is said of a step that invokes a function that is not there; the step is the subject."""
    return (
        f"invokes {name_or_arn}, which is not known on the laptop: "
        "create it (lambda CreateFunction) or register its file with local.functions.manifest.register."
    )


def functions(store: Store) -> list[Function]:
    """Return all functions, the oldest first."""
    return [read(each) for each in store.resources.list(KIND)]


def read(resource: Resource) -> Function:
    """Return the function that a resource holds."""
    body = resource.body
    return Function(**{**body, "file": Path(body["file"]), "rules": tuple(body["rules"])})


def _check(function: Function) -> None:
    if not _NAME.fullmatch(function.name):
        raise FunctionError(f"{function.name!r} is no function's name: use up to 64 letters, digits, - and _.")
    if not function.folder and not function.file.is_file():
        raise FunctionError(f"The function {function.name} has no file {function.file}. Give the path of its module.")
    module, dot, name = function.handler.rpartition(".")
    if not dot or not module or not name.isidentifier():
        raise FunctionError(f"The handler {function.handler!r} of {function.name} is not of the form module.function.")
    if not 0 < function.timeout <= MAX_TIMEOUT:
        raise FunctionError(f"The timeout of {function.name} must be above 0 and at most {MAX_TIMEOUT:g} seconds.")


def _same(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return dict(stored) == {**wanted, "rules": [dict(rule) for rule in wanted["rules"]]}
