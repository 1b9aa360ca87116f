"""Engines as processes of their own."""

from __future__ import annotations

import time

from local.engine import launch
from local.store.processes import this_process
from tests.support.pipelines import Lab, await_value, definition, processing


def test_a_started_engine_runs_the_execution_to_its_end(lab: Lab) -> None:
    execution = lab.create(definition(processing("Only", "pass")))

    launch.start(lab.store, execution.arn)
    current = lab.ended(execution.arn).execution
    assert current.owner_alive(time.time()) or current.status == "Succeeded"

    await_value(lambda: lab.ended(execution.arn).execution.status == "Succeeded", "the execution to succeed")
    assert launch.reconcile(lab.store, lab.ended(execution.arn).execution).status == "Succeeded"


def test_an_execution_whose_engine_cannot_start_fails_with_its_last_words(lab: Lab) -> None:
    execution = lab.create(definition(processing("Only", "pass")))
    log = lab.store.home.execution(execution.id) / "engine.log"
    log.parent.mkdir(parents=True)
    log.write_text("ImportError: no such module\n")
    lab.store.executions.appoint(execution.arn, "999999999:1@" + this_process().rpartition("@")[2], time.time())

    found = launch.reconcile(lab.store, lab.ended(execution.arn).execution)

    assert found.status == "Failed"
    assert found.failure_reason == (
        "The engine that ran this execution ended unexpectedly (its last words: ImportError: no such module). "
        "Run `sageline resume first0000000` to go on."
    )


def test_an_execution_that_was_just_recorded_is_not_taken_for_dead(lab: Lab) -> None:
    execution = lab.create(definition(processing("Only", "pass")))

    assert launch.reconcile(lab.store, execution).status == "Executing"


def test_a_living_engine_is_left_alone(lab: Lab) -> None:
    execution = lab.create(definition(processing("Slow", "import time; time.sleep(1)")))
    engine = lab.engine(execution.arn)
    lab.await_step(execution.arn, "Slow")

    assert launch.reconcile(lab.store, lab.ended(execution.arn).execution).status == "Executing"
    engine.wait(timeout=20)
