"""What the API asks of the engine. Imported when first needed: most requests only read the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.definition.document import Definition
from local.store.executions import Execution
from local.store.store import Store


def start(store: Store, execution_arn: str) -> None:
    """Start the process that will own the execution."""
    from local.engine.launch import start as start_engine  # noqa: PLC0415

    start_engine(store, execution_arn)


def reconcile(store: Store, execution: Execution) -> Execution:
    """Return the execution as it really is: one whose engine died is recorded as such."""
    from local.engine.launch import reconcile as reconcile_engine  # noqa: PLC0415

    return reconcile_engine(store, execution)


def preflight(definition: Definition, parameters: Mapping[str, Any]) -> list[str]:
    """Return a sentence for everything in a definition that the laptop cannot run."""
    from local.engine.preflight import preflight as check  # noqa: PLC0415

    return check(definition, parameters)
