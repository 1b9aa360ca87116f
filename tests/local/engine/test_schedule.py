"""Whole executions by real engines: order, parallelism, branches, failures."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.support.pipelines import Lab, condition, definition, fail, get, join, output_of, processing

WRITE = "import pathlib,sys; pathlib.Path(sys.argv[1], 'value.json').write_text(sys.argv[2])"
OUT = "/opt/ml/processing/output/out"
QUICK = "pass"
BREAK = "import sys; print('looking'); sys.exit('The table has no rows.')"


def meet(folder: Path, me: str, other: str) -> str:
    """Code that ends only once the other step has started as well."""
    return (
        f"import pathlib,time; here=pathlib.Path({str(folder)!r}); (here/{me!r}).touch(); end=time.time()+10\n"
        f"while not (here/{other!r}).exists():\n assert time.time()<end, 'alone'; time.sleep(0.01)"
    )


def gate(value: str, then: list[Any], otherwise: list[Any]) -> list[dict[str, Any]]:
    files = [{"PropertyFileName": "Values", "OutputName": "out", "FilePath": "value.json"}]
    left = {"Std:JsonGet": {"PropertyFile": get("Steps.Measure.PropertyFiles.Values"), "Path": "auc"}}
    test = {"Type": "GreaterThanOrEqualTo", "LeftValue": left, "RightValue": get("Parameters.Threshold")}
    return [
        processing("Measure", WRITE, OUT, value, outputs=("out",), PropertyFiles=files),
        condition("Gate", test, then, otherwise),
    ]


def test_steps_that_do_not_wait_for_each_other_run_at_once(lab: Lab, tmp_path: Path) -> None:
    left = processing("Left", meet(tmp_path, "left", "right"))
    right = processing("Right", meet(tmp_path, "right", "left"))

    done = lab.run(definition(left, right))

    assert done.statuses == {"Left": "Succeeded", "Right": "Succeeded"}
    assert done.execution.status == "Succeeded"


def test_parallelism_configuration_limits_what_runs_at_once(lab: Lab) -> None:
    steps = [processing(name, QUICK) for name in ("A", "B", "C")]

    done = lab.run(definition(*steps), body={"ParallelismConfiguration": {"MaxParallelExecutionSteps": 1}})

    times = sorted((record.started or 0.0, record.ended or 0.0) for record in done.steps.values())
    assert all(ended <= started for (_, ended), (started, _) in pairwise(times))


def test_an_output_reaches_the_step_that_reads_it(lab: Lab) -> None:
    read = "import pathlib,sys; print('read', pathlib.Path(sys.argv[1], 'value.json').read_text())"
    done = lab.run(
        definition(
            processing("Write", WRITE, OUT, "from write", outputs=("out",)),
            processing("Read", read, "/opt/ml/processing/input/in", inputs={"in": output_of("Write", "out")}),
        )
    )

    assert "read from write" in done.log("Read")
    assert done.read("Write", "out", "value.json") == "from write"


@pytest.mark.parametrize(
    ("value", "ran", "left_out", "reason"),
    [
        ('{"auc": 0.9}', "Then", "Otherwise", "True: Measure's auc (0.9) >= Threshold (0.8)."),
        ('{"auc": 0.7}', "Otherwise", "Then", "False: Measure's auc (0.7) >= Threshold (0.8)."),
    ],
)
def test_a_condition_chooses_one_branch_and_says_why(
    lab: Lab, value: str, ran: str, left_out: str, reason: str
) -> None:
    steps = gate(value, [processing("Then", QUICK)], [processing("Otherwise", QUICK)])

    done = lab.run(definition(*steps, Threshold=0.8))

    assert done.execution.status == "Succeeded"
    assert done.steps["Gate"].reason == reason
    assert done.steps["Gate"].outcome is (ran == "Then")
    assert done.steps[ran].status == "Succeeded"
    truth = "true" if ran == "Then" else "false"
    assert done.steps[left_out].status == "NotExecuted"
    assert done.steps[left_out].reason == f"{left_out} did not run: Gate was {truth}."


def test_nan_in_a_property_file_fails_the_condition(lab: Lab) -> None:
    done = lab.run(definition(*gate('{"auc": NaN}', [], [processing("Otherwise", QUICK)]), Threshold=0.8))

    assert done.statuses == {"Measure": "Succeeded", "Gate": "Failed", "Otherwise": "NotExecuted"}
    assert "NaN is not a JSON number" in (done.steps["Gate"].reason or "")


def test_a_fail_step_ends_the_execution_with_its_message(lab: Lab) -> None:
    message = join("AUC must be at least ", get("Parameters.Threshold"), ".")
    done = lab.run(definition(*gate('{"auc": 0.7}', [], [fail("Fail", message)]), Threshold=0.8))

    assert done.execution.status == "Failed"
    assert done.execution.failure_reason == "AUC must be at least 0.8."
    assert done.steps["Fail"].status == "Failed"


def test_what_waits_for_a_failed_step_does_not_run_and_says_why(lab: Lab) -> None:
    done = lab.run(
        definition(
            processing("Train", BREAK, outputs=("model",)),
            processing("Evaluate", QUICK, inputs={"m": output_of("Train", "model")}, outputs=("report",)),
            processing("Publish", QUICK, inputs={"r": output_of("Evaluate", "report")}),
        )
    )

    assert done.statuses == {"Train": "Failed", "Evaluate": "NotExecuted", "Publish": "NotExecuted"}
    assert done.steps["Train"].reason == "The program ended with exit code 1: looking / The table has no rows."
    assert done.steps["Evaluate"].reason == "Evaluate did not run: Train failed."
    assert done.steps["Publish"].reason == "Publish did not run: Train failed."
    assert done.execution.failure_reason == f"Step Train failed: {done.steps['Train'].reason}"


def test_a_running_step_ends_well_after_another_failed(lab: Lab, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    wait = (
        f"import pathlib,time; broken=pathlib.Path({str(broken)!r}); end=time.time()+10\n"
        "while not broken.exists():\n assert time.time()<end; time.sleep(0.01)\ntime.sleep(0.3)"
    )
    done = lab.run(
        definition(
            processing("Breaks", f"import pathlib,sys; pathlib.Path({str(broken)!r}).touch(); sys.exit(3)"),
            processing("Goes", wait),
            processing("After", QUICK, DependsOn=["Goes"]),
        )
    )

    assert done.statuses == {"Breaks": "Failed", "Goes": "Succeeded", "After": "NotExecuted"}
    assert done.steps["After"].reason == "After did not run: Breaks failed."
    assert done.execution.status == "Failed"


def test_a_step_that_waits_for_a_failure_runs_after_it(lab: Lab) -> None:
    steps = [
        processing("Breaks", BREAK),
        processing("Repairs", QUICK, DependsOn=[{"Step": "Breaks", "Trigger": "Failed"}]),
        processing("Rejoices", QUICK, DependsOn=["Breaks"]),
    ]

    done = lab.run(definition(*steps))

    assert done.statuses == {"Breaks": "Failed", "Repairs": "Succeeded", "Rejoices": "NotExecuted"}


def test_a_branch_in_a_branch_that_is_not_taken_does_not_run(lab: Lab) -> None:
    def test(right: int) -> dict[str, Any]:
        return {"Type": "Equals", "LeftValue": 1, "RightValue": right}

    inner = condition("Inner", test(1), [processing("Deep", QUICK)], [])
    done = lab.run(definition(condition("Outer", test(2), [inner], [processing("Else", QUICK)])))

    assert done.statuses == {"Outer": "Succeeded", "Inner": "NotExecuted", "Deep": "NotExecuted", "Else": "Succeeded"}
    assert done.steps["Deep"].reason == "Deep did not run: Outer was false."


def test_the_record_holds_every_step_in_document_order(lab: Lab) -> None:
    steps = gate('{"auc": 0.9, "metric": "auc", "value": 0.9}', [processing("Then", QUICK)], [fail("Fail", "no")])
    done = lab.run(definition(*steps, Threshold=0.8))
    summary = done.summary

    assert [step["name"] for step in summary["steps"]] == ["Measure", "Gate", "Then", "Fail"]
    assert [step["how"] for step in summary["steps"]] == ["ran", "ran", "ran", None]
    assert summary["status"] == "Succeeded"
    assert summary["parameters"] == {"Threshold": 0.8}
    assert summary["metrics"] == {"auc": 0.9}
    assert summary["steps"][2]["branch"] == {"condition": "Gate", "when": True}
    assert summary["steps"][1]["depends_on"] == ["Measure"]
    assert summary["steps"][0]["cache"]["result"] == "off"
    assert summary["seconds"] > 0


def test_events_tell_the_story(lab: Lab) -> None:
    lab.run(definition(processing("Only", QUICK)))

    told = [(event["detail-type"], event["detail"]) for event in lab.store.events.after()]
    steps = [detail["currentStepStatus"] for kind, detail in told if kind.endswith("Execution Step Status Change")]
    jobs = [detail["ProcessingJobStatus"] for kind, detail in told if kind == "SageMaker Processing Job State Change"]
    ends = [
        detail["currentPipelineExecutionStatus"] for kind, detail in told if kind.endswith("Execution Status Change")
    ]
    assert steps == ["Starting", "Executing", "Succeeded"]
    assert jobs == ["InProgress", "Completed"]
    assert ends == ["Succeeded"]


def test_a_step_can_name_its_own_job(lab: Lab) -> None:
    show = processing("Show", "import sys; print('job', *sys.argv[1:])", get("Execution.ProcessingJobName"))

    done = lab.run(definition(show))

    assert f"job {(done.steps['Show'].job or {})['name']}" in done.log("Show")
