"""Prepare, both trainings and Evaluate, one after another, on the tables that scikit-learn ships."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, TypeAlias

import numpy as np
import pyarrow.parquet as pq
import pytest
from sklearn import datasets

from inference.answers import answers
from inference.archive import open_archive, unpack
from tests.support.jobs import files_of, inside, pack, prepare_arguments, program, training_environment, write_csv

PROBLEMS = {
    "breast_cancer": ("binary", "auc", 0.95),
    "diabetes": ("regression", "rmse", 75.0),
    "digits": ("multiclass", "accuracy", 0.85),
}
MOST_ROWS = 900
ROUNDS = {"breast_cancer": 40, "diabetes": 40, "digits": 12}
Run: TypeAlias = Callable[..., CompletedProcess[str]]


def run_chain(root: Path, name: str, metric: str, run: Run) -> None:
    frame = getattr(datasets, f"load_{name}")(as_frame=True).frame.head(MOST_ROWS)
    write_csv(root / "in" / "data.csv", list(frame.columns), frame.to_numpy().tolist())
    output = {"SM_OUTPUT_DIR": str(root / "output")}
    steps = [("processing_scripts.prepare", prepare_arguments(root / "in", root / "out", "target", metric), output)]
    for model, script, more in (
        ("candidate", "train_xgboost", ["--num_round", str(ROUNDS[name])]),
        ("baseline", "train_baseline", []),
    ):
        steps.append((f"training_scripts.{script}", more, training_environment(root / "out", root / model)))
    for module, arguments, environment in steps:
        ran = run(module, *arguments, environment=environment)
        assert (ran.returncode, ran.stderr) == (0, "")
    for model in ("candidate", "baseline"):
        pack(root / model, root / "evaluate" / model / "model.tar.gz")
    shutil.copytree(root / "out" / "test", root / "evaluate" / "test")
    ran = evaluate(root, metric, run=run)
    assert (ran.returncode, ran.stderr) == (0, "")


def imported(module: str, *arguments: str, environment: Mapping[str, str]) -> CompletedProcess[str]:
    """Run a program in this process."""
    return inside(import_module(module).main, *arguments, environment=environment)


def evaluate(root: Path, metric: str, *more: str, run: Run = imported) -> CompletedProcess[str]:
    arguments = ["--input", str(root / "evaluate"), "--output", str(root / "measured"), "--metric", metric, *more]
    return run("processing_scripts.evaluate", *arguments, environment={"SM_OUTPUT_DIR": str(root / "output")})


@pytest.fixture(scope="module")
def chains(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    roots = {}
    with pytest.MonkeyPatch.context() as patch:
        for name, (_, metric, _) in PROBLEMS.items():
            roots[name] = tmp_path_factory.mktemp(name)
            run_chain(roots[name], name, metric, imported)
            # One that is compiled for a second processor too is enough.
            patch.setattr("training_scripts.compiling.SERVED", ())
    return roots


def read(root: Path, name: str) -> Any:
    return json.loads((root / "measured" / "evaluation" / name).read_text())


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_table_becomes_a_measured_model_that_is_good_enough(chains: dict[str, Path], name: str) -> None:
    kind, metric, expected = PROBLEMS[name]
    gate = read(chains[name], "gate.json")
    assert (gate["metric"], gate["threshold_direction"]) == (metric, "at_most" if kind == "regression" else "at_least")
    assert gate["value"] < expected if kind == "regression" else gate["value"] > expected
    details = read(chains[name], "details.json")
    assert details["kind"] == kind
    assert details["models"]["candidate"][metric] == gate["value"]
    assert details["models"]["baseline"][metric] == gate["baseline"]
    gains = [entry["gain"] for entry in details["importance"]]
    assert gains == sorted(gains, reverse=True)
    assert 0 < sum(gains) <= 1.0000001


def test_binary_quality_has_the_registrys_form(chains: dict[str, Path]) -> None:
    found = read(chains["breast_cancer"], "evaluation.json")["binary_classification_metrics"]
    rows = read(chains["breast_cancer"], "details.json")["rows"]
    assert {"accuracy", "precision", "recall", "f1", "auc", "log_loss"} <= found.keys()
    assert sum(count for row in found["confusion_matrix"].values() for count in row.values()) == rows == 57
    curve = found["receiver_operating_characteristic_curve"]
    assert len(curve["false_positive_rates"]) == len(curve["true_positive_rates"]) > 2
    assert read(chains["breast_cancer"], "details.json")["roc"].keys() == {"candidate", "baseline"}


def test_multiclass_quality_has_the_registrys_form(chains: dict[str, Path]) -> None:
    found = read(chains["digits"], "evaluation.json")["multiclass_classification_metrics"]
    assert set(found["confusion_matrix"]) == {str(digit) for digit in range(10)}
    assert read(chains["digits"], "details.json")["labels"] == [str(digit) for digit in range(10)]


def test_regression_quality_has_the_registrys_form(chains: dict[str, Path]) -> None:
    found = read(chains["diabetes"], "evaluation.json")["regression_metrics"]
    assert found["mse"]["value"] == pytest.approx(found["rmse"]["value"] ** 2)
    details = read(chains["diabetes"], "details.json")
    assert len(details["predicted_vs_actual"]) == sum(details["residual_histogram"]["counts"]) == details["rows"]


def test_the_whole_chain_gives_the_same_bytes_as_programs_of_their_own(chains: dict[str, Path], tmp_path: Path) -> None:
    run_chain(tmp_path, "breast_cancer", "auc", program)
    for folder in ("out", "candidate", "baseline", "measured"):
        assert files_of(tmp_path / folder) == files_of(chains["breast_cancer"] / folder)


@pytest.fixture
def broken(chains: dict[str, Path], tmp_path: Path) -> Path:
    shutil.copytree(chains["breast_cancer"] / "evaluate", tmp_path / "evaluate")
    return tmp_path


def said(root: Path, metric: str = "auc") -> str:
    ran = evaluate(root, metric)
    assert ran.returncode == 1
    assert not (root / "measured").exists()
    assert (root / "output" / "message").read_text() + "\n" == ran.stderr
    return ran.stderr


def test_a_metric_of_another_kind_is_refused(broken: Path) -> None:
    assert "the metric rmse does not measure a binary problem; choose" in said(broken, "rmse")


def test_an_archive_that_is_damaged_is_refused(broken: Path) -> None:
    (broken / "evaluate" / "baseline" / "model.tar.gz").write_bytes(b"no tar")
    assert said(broken).startswith("Evaluate: the baseline model cannot be used: model.tar.gz cannot be unpacked")


def test_serving_that_differs_from_preparing_is_refused(broken: Path, chains: dict[str, Path]) -> None:
    other = chains["breast_cancer"] / "out" / "validation" / "rows-00000.parquet"
    shutil.copyfile(other, broken / "evaluate" / "test" / "rows-00000.parquet")
    assert "serving does not make of the raw rows what Prepare made of them" in said(broken)


def test_test_rows_that_are_not_there_are_named(broken: Path) -> None:
    (broken / "evaluate" / "test" / "rows-00000.parquet").unlink()
    assert "the input test has no rows-*.parquet file" in said(broken)


def test_an_approved_model_is_measured_beside_the_others(chains: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(chains["breast_cancer"] / "evaluate", tmp_path / "evaluate")
    shutil.copytree(tmp_path / "evaluate" / "baseline", tmp_path / "evaluate" / "champion")
    ran = evaluate(tmp_path, "auc")
    assert (ran.returncode, ran.stderr) == (0, "")
    models = read(tmp_path, "details.json")["models"]
    assert list(models) == ["candidate", "baseline", "champion"]
    assert models["champion"] == models["baseline"]
    gate, without = read(tmp_path, "gate.json"), read(chains["breast_cancer"], "gate.json")
    assert without["behind_champion"] == 0
    champion = models["champion"]["auc"]
    behind = pytest.approx(champion - gate["value"], abs=1e-9)
    assert gate == {**without, "champion": champion, "behind_champion": behind}


@pytest.mark.parametrize(
    ("archive", "said"),
    [
        ("code.tar.gz", ""),
        ("model.tar.gz", "The approved model is not compared with: the champion model tells other classes"),
    ],
)
def test_without_a_champion_that_fits_the_other_two_are_measured(
    chains: dict[str, Path], tmp_path: Path, archive: str, said: str
) -> None:
    shutil.copytree(chains["breast_cancer"] / "evaluate", tmp_path / "evaluate")
    (tmp_path / "evaluate" / "champion").mkdir()
    shutil.copy(
        chains["diabetes"] / "evaluate" / "candidate" / "model.tar.gz", tmp_path / "evaluate" / "champion" / archive
    )
    ran = evaluate(tmp_path, "auc")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert said in ran.stdout
    found, expected = read(tmp_path, "details.json"), read(chains["breast_cancer"], "details.json")
    cautions = found.pop("cautions")
    assert cautions[-len(expected["cautions"]) :] == expected.pop("cautions")
    assert said in cautions[0]
    assert found == expected
    assert said in read(tmp_path, "gate.json").get("champion_note", "")


def answer(root: Path, drop: int = 0) -> None:
    """Replace the candidate's archive by what a container of AutoML's would answer with that model in it."""
    folder = root / "evaluate"
    archive = open_archive(unpack(folder / "candidate" / "model.tar.gz", root / "unpacked"))
    shutil.rmtree(folder / "candidate")
    rows = pq.read_table(folder / "test" / "rows-00000.parquet").to_pylist()
    scores = archive.model.scores(np.array([archive.transform.record(row) for row in rows], dtype=np.float32))
    found = answers(archive.features, scores)
    labels = list(reversed(archive.features.labels))
    lines = []
    for each, score in zip(found, scores, strict=True):
        if not labels:
            lines.append([each["score"]])
            continue
        shares = score.tolist() if score.ndim else [1.0 - float(score), float(score)]
        name = each["predicted_label"]
        lines.append([name, max(shares), repr(shares[::-1]), repr(labels)])
    for name, content in (("raw_test/rows-00000.csv", [["1"]] * len(rows)), ("predictions/rows-00000.csv.out", lines)):
        write_csv(folder / name, content[0], content[1 : len(content) - drop])


@pytest.mark.parametrize("name", PROBLEMS)
def test_answers_are_measured_as_the_archive_that_gave_them(chains: dict[str, Path], tmp_path: Path, name: str) -> None:
    shutil.copytree(chains[name] / "evaluate", tmp_path / "evaluate")
    answer(tmp_path)
    ran = evaluate(tmp_path, PROBLEMS[name][1], "--candidate", "predictions")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert read(tmp_path, "gate.json") == pytest.approx(read(chains[name], "gate.json"))
    found, expected = read(tmp_path, "details.json"), read(chains[name], "details.json")
    assert found.pop("importance") == []
    for known_of_an_archive_alone in ("importance", "explanations", "decision", "cautions"):
        expected.pop(known_of_an_archive_alone, None)
    del found["cautions"]
    assert found["models"]["candidate"] == pytest.approx(expected["models"].pop("candidate"))
    assert found["models"].pop("candidate")
    assert found == expected
    samples = read(tmp_path, "samples.json")
    assert len(samples["rows"].splitlines()) == len(samples["answers"]) == 20


def test_test_rows_without_an_answer_are_counted(broken: Path) -> None:
    answer(broken, drop=2)
    ran = evaluate(broken, "auc", "--candidate", "predictions")
    assert ran.returncode == 1
    assert ran.stderr == "Evaluate: the candidate has answered 55 of 57 test rows; predict them again.\n"
    assert not (broken / "measured").exists()
