"""Executions and who owns them."""

from __future__ import annotations

import subprocess
import sys

from local.store.executions import LEASE_SECONDS, Execution, new_execution
from local.store.processes import process_name, this_process
from local.store.store import Store

FOREIGN = "12:34@another-machine"


def create(store: Store, arn: str = "arn", request: str = "t") -> Execution:
    return store.executions.create(
        new_execution(
            arn=arn,
            execution_id=f"id-{arn}",
            pipeline="p",
            token=request,
            definition="{}",
            parameters={"A": "1"},
            body={},
            now=1.0,
        )
    )


def dead_process() -> str:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = process_name(process.pid)
    process.communicate(b"\n")
    return name


def status(store: Store) -> str:
    found = store.executions.get("arn")
    assert found is not None
    return found.status


def test_the_same_token_is_the_same_execution(store: Store) -> None:
    first = create(store)

    assert create(store, arn="other") == first
    assert create(store, arn="other", request="u").arn == "other"
    assert [found.arn for found in store.executions.list("p")] == ["other", "arn"]


def test_a_living_owner_keeps_its_execution(store: Store) -> None:
    create(store)

    assert store.executions.claim("arn", this_process(), 10.0)
    assert not store.executions.claim("arn", FOREIGN, 10.0 + 10 * LEASE_SECONDS)
    assert not store.executions.reopen("arn", 10.0)
    assert store.executions.claim("arn", this_process(), 11.0)


def test_the_execution_of_a_dead_owner_can_be_claimed(store: Store) -> None:
    create(store)
    store.executions.claim("arn", dead_process(), 10.0)

    assert store.executions.claim("arn", this_process(), 10.1)


def test_an_owner_on_another_machine_is_judged_by_its_lease(store: Store) -> None:
    create(store)
    store.executions.claim("arn", FOREIGN, 10.0)

    assert not store.executions.claim("arn", this_process(), 10.0 + LEASE_SECONDS - 1)
    assert store.executions.claim("arn", this_process(), 10.0 + LEASE_SECONDS + 1)


def test_a_lost_lease_cannot_be_renewed(store: Store) -> None:
    create(store)
    store.executions.claim("arn", FOREIGN, 10.0)
    assert store.executions.renew("arn", FOREIGN, 20.0)
    store.executions.claim("arn", this_process(), 100.0)

    assert not store.executions.renew("arn", FOREIGN, 101.0)
    store.executions.release("arn", FOREIGN)
    found = store.executions.get("arn")
    assert found is not None
    assert found.owner == this_process()


def test_an_appointed_owner_does_not_push_out_another_one(store: Store) -> None:
    create(store)
    store.executions.appoint("arn", this_process(), 10.0)
    store.executions.appoint("arn", FOREIGN, 10.0)

    found = store.executions.get("arn")
    assert found is not None
    assert found.owner == this_process()


def test_only_what_runs_can_be_asked_to_stop(store: Store) -> None:
    create(store)
    store.executions.request_stop("arn", 2.0)
    assert store.executions.stop_requested("arn")
    assert status(store) == "Stopping"

    store.executions.set_status("arn", "Stopped", None, 3.0)
    assert store.executions.reopen("arn", 4.0)
    assert status(store) == "Executing"
    assert not store.executions.stop_requested("arn")

    store.executions.set_status("arn", "Failed", "why", 5.0)
    store.executions.request_stop("arn", 6.0)
    assert status(store) == "Failed"


def test_a_lease_ends_with_its_home(store: Store) -> None:
    create(store)
    assert store.executions.claim("arn", FOREIGN, 10.0)
    store.home.database.unlink()
    assert not store.executions.renew("arn", FOREIGN, 11.0)
