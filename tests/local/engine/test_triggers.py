"""Steps that wait for failures and stops, jobs that are stopped by themselves, and how executions then end."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.pipelines import Ended, Lab, condition, definition, fail, processing

BREAK = "raise SystemExit(3)"
SLOW = "import time; time.sleep(30)"
TRUE = {"Type": "Equals", "LeftValue": 1, "RightValue": 1}


def after(step: str, trigger: str) -> list[dict[str, str]]:
    return [{"Step": step, "Trigger": trigger}]


def test_failures_that_were_seen_to_complete_the_execution_with_failures(lab: Lab) -> None:
    done = lab.run(
        definition(
            processing("Breaks", BREAK),
            processing("Repairs", "pass", DependsOn=after("Breaks", "Failed")),
            processing("Reports", "pass", DependsOn=["Repairs"]),
            processing("Always", "pass", DependsOn=after("Breaks", "Any")),
            processing("Rejoices", "pass", DependsOn=["Breaks"]),
        )
    )

    expected = dict.fromkeys(("Repairs", "Reports", "Always"), "Succeeded")
    assert done.statuses == {"Breaks": "Failed", **expected, "Rejoices": "NotExecuted"}
    assert done.execution.status == done.summary["status"] == "CompletedWithFailures"
    assert (done.execution.failure_reason or "").startswith("Step Breaks failed: ")


@pytest.mark.parametrize(
    "handlers",
    [
        [processing("Handler", BREAK, DependsOn=after("Breaks", "Failed"))],
        [{**fail("Handler", "No more."), "DependsOn": after("Breaks", "Failed")}],
        [processing("Handler", "pass", DependsOn=after("Breaks", "Stopped"))],
    ],
)
def test_a_failure_without_a_handler_that_succeeds_fails_the_execution(lab: Lab, handlers: list[Any]) -> None:
    assert lab.run(definition(processing("Breaks", BREAK), *handlers)).execution.status == "Failed"


def test_a_handler_in_a_branch_and_a_condition_that_handles_run(lab: Lab) -> None:
    inside = condition(
        "Gate",
        TRUE,
        [processing("Breaks", BREAK), processing("Inside", "pass", DependsOn=after("Breaks", "Failed"))],
        [],
    )
    cleaning = condition("Chooses", TRUE, [processing("Deep", "pass")], [], DependsOn=after("Early", "Failed"))

    done = lab.run(definition(inside, processing("Early", BREAK), cleaning))

    assert done.statuses["Inside"] == done.statuses["Chooses"] == done.statuses["Deep"] == "Succeeded"
    assert done.execution.status == "CompletedWithFailures"


def stop_job(lab: Lab, step: str, raw: Any) -> Ended:
    execution = lab.create(raw)
    engine = lab.engine(execution.arn)
    job = lab.await_step(execution.arn, step).job
    assert job is not None
    found = lab.store.resources.get(job["kind"], job["name"])
    assert found is not None
    wish = {**found.body, "StopRequested": True}
    lab.store.resources.put(found.kind, found.name, found.arn, wish, now=time.time(), status="Stopping")
    engine.wait(timeout=20)
    return lab.ended(execution.arn)


def test_a_job_that_was_stopped_by_itself_stops_its_step_and_its_execution(lab: Lab, tmp_path: Path) -> None:
    steps = [
        processing("Slow", SLOW),
        processing("Next", "pass", DependsOn=["Slow"]),
        processing("Tidies", "pass", DependsOn=after("Slow", "Stopped")),
    ]

    done = stop_job(lab, "Slow", definition(*steps))

    assert done.statuses == {"Slow": "Stopped", "Next": "NotExecuted", "Tidies": "Succeeded"}
    assert done.steps["Next"].reason == "Next did not run: Slow was stopped."
    assert (done.execution.status, done.execution.failure_reason) == ("Stopped", "Step Slow was stopped.")
    job = lab.store.resources.get("ProcessingJob", (done.steps["Slow"].job or {})["name"])
    assert job is not None
    assert job.body["ProcessingJobStatus"] == "Stopped"
