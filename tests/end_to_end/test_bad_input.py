"""What bad input gets: a sentence that says what to do, the right exit code, and nothing half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import call, here

PROBLEM = """\
goal: Tell good from bad.
data: table.csv
target: {target}
kind: {kind}
metric: {metric}
threshold: {threshold}
"""


def write(folder: Path, table: str | None, kind: str = "binary", metric: str = "auc", threshold: float = 0.5) -> Path:
    if table is not None:
        (folder / "table.csv").write_text(table, encoding="utf-8")
    problem = folder / "bad.yaml"
    problem.write_text(PROBLEM.format(target="y", kind=kind, metric=metric, threshold=threshold), encoding="utf-8")
    return problem


def rows(count: int) -> str:
    return "a,b,y\n" + "".join(f"{n * 0.5},{n % 7},{n % 2}\n" for n in range(count))


BEFORE_ANY_STEP = {
    "a missing file": (None, {}, "is not there"),
    "an empty file": ("", {}, "is empty"),
    "a metric of another kind": (rows(200), {"metric": "rmse"}, "metric"),
}


@pytest.mark.parametrize("case", BEFORE_ANY_STEP)
def test_what_can_be_known_before_a_step_is_wrong_usage(tmp_path: Path, case: str) -> None:
    table, changes, expected = BEFORE_ANY_STEP[case]
    problem = write(tmp_path, table, **changes)  # type: ignore[arg-type]
    done = here(tmp_path / "home", "run", str(problem), "--json")
    assert done.code == 2, done.err
    assert expected in done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    assert not list((tmp_path / "home").glob("executions/*"))
    assert not list((tmp_path / "home").glob("s3/*"))


# Two of many: Prepare's own tests have the others.
ONLY_A_STEP_KNOWS = {
    "a target that is not there": ("a,b,c\n" + "1,2,3\n" * 200, {}, "no column 'y'"),
    "text in a regression target": (
        rows(200).replace("99.5,3,1", "99.5,3,many"),
        {"kind": "regression", "metric": "rmse", "threshold": 5},
        "many",
    ),
}


@pytest.mark.parametrize("case", ONLY_A_STEP_KNOWS)
def test_what_only_a_step_can_know_fails_the_run(tmp_path: Path, case: str) -> None:
    table, changes, expected = ONLY_A_STEP_KNOWS[case]
    problem = write(tmp_path, table, **changes)  # type: ignore[arg-type]
    done = call(tmp_path / "home", "run", str(problem), "--json")
    assert done.code == 1, done.err
    steps = {step["name"]: step for step in done.json["steps"]}
    assert done.json["status"] == "Failed"
    assert steps["Prepare"]["status"] == "Failed"
    assert expected in steps["Prepare"]["reason"]
    assert "Traceback" not in done.err
    assert {steps[name]["status"] for name in ("TrainBaseline", "Train", "Evaluate", "Register")} == {"NotExecuted"}
    written = [path.name for path in (tmp_path / "home" / "s3").rglob("*") if path.is_file()]
    assert not [name for name in written if name.endswith(".parquet")]
    assert f"sageline resume {done.json['execution'].rsplit('/', 1)[-1]}" in done.err


def test_a_model_below_its_threshold_is_not_registered_and_the_run_fails(tmp_path: Path) -> None:
    noise = "a,b,y\n" + "".join(f"{(n * 7919) % 101},{(n * 31) % 13},{(n * n // 3) % 2}\n" for n in range(300))
    problem = write(tmp_path, noise, threshold=0.99)
    problem.write_text(problem.read_text() + "training: {hyperparameters: {num_round: 5}}\n", encoding="utf-8")
    done = here(tmp_path / "home", "run", str(problem), "--json")
    assert done.code == 1
    fail = next(step for step in done.json["steps"] if step["name"] == "Fail")
    assert fail["reason"].startswith("The quality gate stopped the model: auc is ")
    assert "must be at least 0.99" in fail["reason"]
    assert done.json["model_package"] is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Seed=three", "Seed"),
        ("Seed=99999999999", "Seed: 99999999999 is out of range."),
        ("InputDataUri=s3://sageline-laptop-data/nothing/", "Step Prepare reads s3://sageline-laptop-data/nothing/ as"),
        ("TrainingInstanceType=ml.huge", "TrainingInstanceType"),
        ("MetricTreshold=0.9", "MetricThreshold"),
    ],
)
def test_a_wrong_parameter_is_refused_before_anything_runs(tmp_path: Path, given: str, expected: str) -> None:
    problem = write(tmp_path, rows(200))
    done = here(tmp_path / "home", "run", str(problem), "-p", given)
    assert done.code == 2, done.err
    assert expected in done.err
    assert here(tmp_path / "home", "runs", "--json").json == []


def test_every_mistake_of_a_problem_file_is_listed_at_once(tmp_path: Path) -> None:
    problem = tmp_path / "bad.yaml"
    problem.write_text(
        "goal: x\ntarget: y\nkind: bianry\nmetric: auc\nthreshold: high\ncolour: red\n", encoding="utf-8"
    )
    done = here(tmp_path / "home", "run", str(problem))
    assert done.code == 2
    for path in ("data", "kind", "threshold", "colour"):
        assert path in done.err


def test_a_definition_with_an_unknown_step_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.json"
    step = {"Name": "Dance", "Type": "Dancing", "Arguments": {}}
    path.write_text(json.dumps({"Version": "2020-12-01", "Parameters": [], "Steps": [step]}), encoding="utf-8")
    done = here(tmp_path / "home", "validate", str(path))
    assert done.code == 2
    assert "Dancing" in done.out
