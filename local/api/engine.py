"""What the API asks of the engine. Imported when first needed: most requests only read the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from local.definition.document import Definition
from local.store.executions import Execution
from local.store.resources import Resource
from local.store.store import Store


def start(store: Store, execution_arn: str) -> None:
    """Start the process that will own the execution."""
    from local.engine.launch import start as start_engine  # noqa: PLC0415

    start_engine(store, execution_arn)


def reconcile(store: Store, execution: Execution) -> Execution:
    """Return the execution as it really is: one whose engine died is recorded as such."""
    from local.engine.launch import reconcile as reconcile_engine  # noqa: PLC0415

    return reconcile_engine(store, execution)


def job_problems(kind: str, request: Mapping[str, Any]) -> list[str]:
    """Return a sentence without its subject for everything in a Create request that the laptop cannot run."""
    from local.engine.loose import problems  # noqa: PLC0415

    return problems(kind, request)


def start_job(store: Store, kind: str, request: Mapping[str, Any]) -> None:
    """Record a job that belongs to no execution, and start its process."""
    from local.engine.loose import start as start_loose  # noqa: PLC0415

    start_loose(store, kind, request)


def settled_job(store: Store, kind: str, found: Resource) -> Resource:
    """Return a job as it really is: one of its own process, which died, is recorded as failed."""
    if found.status not in ("InProgress", "Stopping"):
        return found
    from local.engine.loose import settled  # noqa: PLC0415

    return settled(store, kind, found)


def preflight(definition: Definition, parameters: Mapping[str, Any], store: Store) -> list[str]:
    """Return a sentence for everything in a definition that the laptop cannot run."""
    from local.engine.preflight import preflight as check  # noqa: PLC0415

    return check(definition, parameters, store)


def missing_inputs(
    definition: Definition,
    parameters: Mapping[str, Any],
    store: Store,
    selected: Sequence[str] | None,
    *,
    by_address: bool,
) -> list[str]:
    """Return a sentence for every input that is not there, of steps that wait for no other."""
    from local.engine.reading import missing_inputs as missing  # noqa: PLC0415

    return missing(definition, parameters, store.objects, selected=selected, by_address=by_address)


def needs_reference(definition: Definition, names: Sequence[str]) -> bool:
    """Say whether selected steps need what steps outside the selection give."""
    from local.engine.selection import needed  # noqa: PLC0415

    return bool(needed(definition, names))


def is_reference(status: str) -> bool:
    """Say whether an execution is in a state in which its results can be reused."""
    from local.engine.selection import REFERENCES  # noqa: PLC0415

    return status in REFERENCES


def selection_problems(
    store: Store, definition: Definition, names: Sequence[str], source: Execution | None
) -> list[str]:
    """Return a sentence for everything that keeps selected steps from running on their own."""
    from local.engine.selection import problems  # noqa: PLC0415

    reference = None if source is None else {record.name: record for record in store.steps.of(source.arn)}
    return problems(definition, names, reference)
