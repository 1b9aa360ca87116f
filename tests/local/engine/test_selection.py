"""Selective execution: what is reused, what runs, and which selections are refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.definition.model import parse
from local.engine.selection import needed, problems
from local.store.steps import StepRecord
from tests.support.pipelines import Lab, condition, definition, output_of, processing

WRITE = "import pathlib,sys; pathlib.Path(sys.argv[1],'v').write_text('a'); open(sys.argv[2],'a').write('a')"
READ = "import pathlib,sys; print('read', pathlib.Path(sys.argv[1],'v').read_text()); open(sys.argv[2],'a').write('r')"
TRUE = {"Type": "Equals", "LeftValue": 1, "RightValue": 1}


def chain(ran: Path) -> dict[str, Any]:
    """A writes; B reads it and C reads B; Gate has D inside; Other stands alone."""
    out, where = "/opt/ml/processing/output/out", "/opt/ml/processing/input/in"
    return definition(
        processing("A", WRITE, out, str(ran), outputs=("out",)),
        processing("B", READ, where, str(ran), inputs={"in": output_of("A", "out")}),
        processing("C", "pass", DependsOn=["B"]),
        condition("Gate", TRUE, [processing("D", "pass")], [processing("E", "pass")], DependsOn=["B"]),
        processing("Other", "pass"),
    )


def selecting(source: str, *names: str) -> dict[str, Any]:
    config = {"SourcePipelineExecutionArn": source, "SelectedSteps": [{"StepName": name} for name in names]}
    return {"SelectiveExecutionConfig": config}


def test_selected_steps_run_on_results_of_the_reference_and_nothing_else_runs(lab: Lab, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    raw = chain(ran)
    first = lab.run(raw, "first0000000")

    done = lab.run(raw, "second000000", body=selecting(first.execution.arn, "B"))

    left_out = dict.fromkeys(("C", "Gate", "D", "E", "Other"), "NotExecuted")
    assert done.statuses == {"A": "Succeeded", "B": "Succeeded", **left_out}
    assert done.execution.status == "Succeeded"
    assert "read a" in done.log("B")
    assert ran.read_text() == "arr"
    assert done.steps["A"].outputs == first.steps["A"].outputs
    assert done.steps["A"].cache == {
        "result": "reused",
        "source": first.execution.arn,
        "reason": "Not selected: the result of the reference execution is reused.",
    }
    assert done.steps["C"].reason == "C did not run: it was not selected."


def test_a_step_in_a_branch_runs_by_the_references_outcome(lab: Lab, tmp_path: Path) -> None:
    raw = chain(tmp_path / "ran")
    first = lab.run(raw, "first0000000")

    done = lab.run(raw, "second000000", body=selecting(first.execution.arn, "D"))

    assert (done.statuses["D"], done.statuses["B"], done.steps["Gate"].outcome) == ("Succeeded", "Succeeded", True)
    assert (tmp_path / "ran").read_text() == "ar"


def records(**changes: Any) -> dict[str, StepRecord]:
    base = {name: StepRecord("arn", name, 0, "Processing", "Succeeded") for name in ("A", "B", "C", "D", "Other")}
    base["Gate"] = StepRecord("arn", "Gate", 0, "Condition", "Succeeded", outcome=True)
    return {name: replace(record, status=changes.get(name, "Succeeded")) for name, record in base.items()}


@pytest.mark.parametrize(
    ("names", "reference", "sentence"),
    [
        (["X"], records(), "The selected step X is not in the pipeline."),
        (["B", "B"], records(), "The step B is selected twice."),
        (["A", "C"], records(), "The step B lies between selected steps: select it as well."),
        (
            ["B"],
            None,
            "B needs what A gives, and there is no execution to take it from: select A as well, or name a reference.",
        ),
        (
            ["B"],
            records(A="Failed"),
            (
                "B needs what A gives, and the reference execution has A as Failed: select A as well, or name another "
                "reference."
            ),
        ),
        (
            ["E"],
            records(),
            "E stands in the branch of Gate that the reference execution did not take: select Gate.",
        ),
    ],
)
def test_selections_that_cannot_run_are_refused(
    names: list[str], reference: Any, sentence: str, tmp_path: Path
) -> None:
    assert problems(parse(chain(tmp_path)), names, reference) == [sentence]


def test_what_needs_nothing_needs_no_reference(tmp_path: Path) -> None:
    read = parse(chain(tmp_path))

    assert problems(read, ["A", "B", "Other"], None) == []
    assert (needed(read, ["A", "Other"]), needed(read, ["C", "D"])) == ([], ["B", "Gate"])
