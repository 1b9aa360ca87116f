"""ForEach steps by real engines: children, concurrency, what is read of them, failures, kills."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from local.definition.expressions import ExpressionError
from local.engine.loops import field, items
from tests.support.pipelines import Lab, await_value, condition, definition, get, join, processing

# Writes what it was given to a file of its own, and says when it ran.
NOTE = (
    "import json,pathlib,sys,time; begun=time.time(); time.sleep(float(sys.argv[4])); "
    "open(sys.argv[1],'a').write(json.dumps([sys.argv[2],begun,time.time()])+chr(10)); sys.exit(int(sys.argv[3]))"
)


def loop(body: list[Any], values: Any, *, at_once: int = 2, **members: Any) -> dict[str, Any]:
    arguments = {"IterableItems": values, "MaxConcurrency": at_once, "ForEachBody": body, **members}
    return {"Name": "Each", "Type": "ForEach", "Arguments": arguments}


def noting(log: Path, value: Any, code: Any = 0, seconds: str = "0") -> dict[str, Any]:
    return processing("Note", NOTE, str(log), value, join(code), seconds)


def test_the_body_runs_once_for_each_item_and_siblings_read_each_other(lab: Lab, tmp_path: Path) -> None:
    log = tmp_path / "log"
    first = noting(log, get("ForEach.CurrentItem.name"))
    first["Arguments"]["StoppingCondition"] = {"MaxRuntimeInSeconds": 60}
    limit = get("Steps.Note.StoppingCondition.MaxRuntimeInSeconds")
    after = processing(
        "After", "import sys; print('read', *sys.argv[1:])", join(limit), get("ForEach.CurrentItem['name']")
    )
    check = {"Type": "Equals", "LeftValue": get("Steps.Each.SucceededStepCount"), "RightValue": 6}
    raw = definition(
        loop([first, after], get("Parameters.Items")),
        condition("Gate", check, [processing("All", "pass")], []),
        Items='[{"name": "a"}, {"name": "b"}, {"name": "c"}]',
    )

    done = lab.run(raw)

    assert done.execution.status == "Succeeded", done.execution.failure_reason
    assert list(done.steps) == ["Each", "Note-0", "After-0", "Note-1", "After-1", "Note-2", "After-2", "Gate", "All"]
    assert sorted(log.read_text().split('"')[1::2]) == ["a", "b", "c"]
    assert "read 60 b" in done.log("After-1")
    found = done.steps["Each"].properties
    assert (found["Status"], found["InputItemCount"], found["TotalStepCount"]) == ("Succeeded", 3, 6)
    assert found["IterationOutputs"][2]["Note"]["ProcessingJobStatus"] == "Completed"
    assert done.statuses["All"] == "Succeeded"
    assert [step["name"] for step in done.summary["steps"]] == list(done.steps)


def test_no_more_children_run_at_once_than_the_loop_allows(lab: Lab, tmp_path: Path) -> None:
    log = tmp_path / "log"
    raw = definition(loop([noting(log, get("ForEach.CurrentItem"), seconds="0.05")], ["a", "b", "c"], at_once=1))

    lab.run(raw, body={"ParallelismConfiguration": {"MaxParallelExecutionSteps": 1}})

    times = sorted(json.loads(line)[1:] for line in log.read_text().splitlines())
    assert len(times) == 3
    assert all(before[1] <= after[0] for before, after in pairwise(times))


def test_a_selector_picks_the_iteration_with_the_best_value(lab: Lab, tmp_path: Path) -> None:
    body = noting(tmp_path / "log", get("ForEach.CurrentItem.name"))
    body["Arguments"]["StoppingCondition"] = {"MaxRuntimeInSeconds": get("ForEach.CurrentItem.limit")}
    best = {"Pick": "MaxBy", "Field": get("IterationOutput.Note.StoppingCondition.MaxRuntimeInSeconds")}
    values = ['{"name": "a", "limit": 60}', '{"name": "b", "limit": 90}', '{"name": "c", "limit": 70}']
    shown = get("Steps.Each.Selected.AppSpecification.ContainerArguments[1]")
    raw = definition(
        loop([body], values, Selector=best), processing("Show", "import sys; print('best', *sys.argv[1:])", shown)
    )

    done = lab.run(raw)

    assert "best b" in done.log("Show")
    assert done.steps["Each"].properties["Selector"] == {"StepName": "Note-1", "Index": 1}


def test_a_child_that_fails_fails_the_loop_and_starts_no_more(lab: Lab, tmp_path: Path) -> None:
    handler = processing("Handler", "pass", DependsOn=[{"Step": "Each", "Trigger": "Failed"}])
    body = noting(tmp_path / "log", get("ForEach.CurrentItem"), get("ForEach.CurrentItem"))

    done = lab.run(definition(loop([body], [0, 1, 0], at_once=1), handler))

    assert done.statuses == {
        "Each": "Failed",
        "Note-0": "Succeeded",
        "Note-1": "Failed",
        "Note-2": "NotExecuted",
        "Handler": "Succeeded",
    }
    assert done.steps["Each"].reason == "Note-1 failed."
    assert done.execution.status == "CompletedWithFailures"


def test_a_killed_loop_goes_on_with_the_children_that_are_missing(lab: Lab, tmp_path: Path) -> None:
    log, go = tmp_path / "log", tmp_path / "go"
    code = (
        "import pathlib,sys,time; open(sys.argv[1],'a').write(sys.argv[2])\n"
        "if sys.argv[2] == 'b' and not pathlib.Path(sys.argv[3]).exists(): time.sleep(60)"
    )
    body = processing("Note", code, str(log), get("ForEach.CurrentItem"), str(go))
    execution = lab.create(definition(loop([body], ["a", "b"], at_once=1)))
    engine = lab.engine(execution.arn)
    await_value(lambda: log.exists() and log.read_text() == "ab", "the second child")
    engine.kill()
    engine.wait()

    go.touch()
    done = lab.resume(execution.arn)

    assert (done.execution.status, log.read_text()) == ("Succeeded", "abb")
    assert done.statuses == {"Each": "Succeeded", "Note-0": "Succeeded", "Note-1": "Succeeded"}


def test_a_stop_ends_the_children(lab: Lab, tmp_path: Path) -> None:
    body = noting(tmp_path / "log", get("ForEach.CurrentItem"), seconds="60")
    execution = lab.create(definition(loop([body], ["a", "b"], at_once=1)))
    engine = lab.engine(execution.arn)
    lab.await_step(execution.arn, "Note-0")

    lab.store.executions.request_stop(execution.arn, time.time())
    engine.wait(timeout=20)

    assert lab.ended(execution.arn).statuses == {"Each": "Stopped", "Note-0": "Stopped", "Note-1": "NotExecuted"}


@pytest.mark.parametrize("value", ["no JSON", '{"a": 1}', 3])
def test_what_is_no_list_cannot_be_iterated(value: Any) -> None:
    with pytest.raises(ExpressionError, match="IterableItems"):
        items(value)


def test_a_field_that_an_item_does_not_have_is_named() -> None:
    with pytest.raises(ExpressionError, match=r"ForEach\.CurrentItem\.size has no value"):
        field('{"name": "a"}', "size")
