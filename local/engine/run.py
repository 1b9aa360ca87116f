"""Owns one execution: takes the lease, reads the definition, runs the engine, records the end, gives the lease back."""

from __future__ import annotations

import json
import logging
import signal
import time

from local.definition.findings import DefinitionError
from local.definition.model import bind_parameters, parse
from local.engine import events
from local.engine.engine import Engine, LeaseLostError
from local.engine.ledger import Ledger
from local.engine.preflight import preflight
from local.jobs.sandboxes import choose
from local.store.executions import RUNNING, Execution
from local.store.processes import this_process
from local.store.store import Store

log = logging.getLogger(__name__)


class NotOwnedError(Exception):
    """The execution cannot be run by this process; the message says why."""


def run(store: Store, arn: str) -> str:
    """Run an execution to its end and return its status.

    Raises:
        NotOwnedError: there is no such execution, it has ended, or another process runs it.
    """
    owner = this_process()
    if not store.executions.claim(arn, owner, time.time()):
        found = store.executions.get(arn)
        message = f"There is no execution {arn}." if found is None else f"{arn} is run by process {found.owner}."
        raise NotOwnedError(message)
    try:
        execution = store.executions.get(arn)
        if execution is None or execution.status not in RUNNING:
            message = f"{arn} has ended."
            raise NotOwnedError(message)
        status, reason = _execute(store, execution, owner)
    except LeaseLostError:
        message = f"{arn} was taken over by another process."
        raise NotOwnedError(message) from None
    finally:
        store.executions.release(arn, owner)
    log.info("execution %s%s", status, f": {reason}" if reason else "")
    return status


def _execute(store: Store, execution: Execution, owner: str) -> tuple[str, str | None]:
    ledger: Ledger | None = None
    before = execution.status
    reason: str | None
    try:
        definition = parse(json.loads(execution.definition))
        parameters = bind_parameters(definition, execution.parameters)
        problems = preflight(definition, parameters, store)
        choice = choose(store.home.root)
        ledger = Ledger(store, execution, definition, parameters, choice)
        if problems:
            ledger.refuse()
            status, reason = "Failed", " ".join(problems)
        else:
            engine = Engine(store, execution, definition, ledger, choice.sandbox, owner)
            _stop_on_signals(engine)
            status, reason = engine.run()
    except LeaseLostError:
        raise
    except DefinitionError as error:
        status, reason = "Failed", str(error)
    except Exception:
        log.exception("the engine failed")
        place = store.home.execution(execution.id) / "engine.log"
        status, reason = "Failed", f"The engine itself failed; this is a mistake in Sageline. Its log: {place}"
    _record_end(store, execution, ledger, before, status, reason)
    return status, reason


def _record_end(
    store: Store, execution: Execution, ledger: Ledger | None, before: str, status: str, reason: str | None
) -> None:
    now = time.time()
    if ledger is not None:
        try:
            # First: whoever sees the end of the execution finds its record complete.
            ledger.write_summary(status, reason, now)
        except Exception:
            log.exception("execution.json could not be written")
    with store.database.transaction():
        store.executions.set_status(execution.arn, status, reason, now)
        events.execution_changed(store, execution, before, status, execution.created, now)


def _stop_on_signals(engine: Engine) -> None:
    def stop(_number: int, _frame: object) -> None:
        engine.request_stop()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
