"""The definition's own commands with the bundle as it is delivered, from a raw table to an evaluated model."""

from __future__ import annotations

import json
import math
import random
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.build import build
from pipeline.bundle import build_bundle
from pipeline.placeholders import fill
from tests.pipeline.conftest import flattened
from tests.pipeline.containers import CODE_FILE, Machine, packed
from tests.pipeline.inputs import VALUES, environment, problem
from tests.pipeline.interpreters import ROOT, image_python


@dataclass(frozen=True)
class Finished:
    """A machine on which every job has run, and what they left."""

    machine: Machine
    prepared: Path
    model: Path
    evaluation: Path


def table(path: Path, rows: int = 300) -> None:
    """A table with numbers, categories and missing cells, in which the outcome can be learned but not read off."""
    draw = random.Random(11)  # noqa: S311 - a table, not a secret
    lines = ["id;size;colour;outcome"]
    for number in range(rows):
        size, colour = draw.gauss(0, 1), draw.choice(["red", "green", "blue"])
        good = size + (colour == "red") + draw.gauss(0, 0.5) > 0.4
        shown = "-999" if draw.random() < 0.05 else f"{size:.4f}"
        lines.append(f"{number};{shown};{colour};{'yes' if good else 'no'}")
    path.write_text("\n".join(lines) + "\n")


def finish(machine: Machine) -> Finished:
    given = problem(positive="yes", drop=["id"], missing=["-999"], training={"hyperparameters": {"max_depth": 3}})
    steps = flattened(json.loads(fill(build(given, environment()), {**VALUES, "CodeFile": CODE_FILE})))
    data = machine.folder / "data"
    data.mkdir()
    table(data / "table.csv")
    prepared = machine.process(steps["Prepare"], {"data": data})
    channels = {name: prepared / name for name in ("train", "validation", "features")}
    models = {name: machine.train(steps[name], channels) for name in ("Train", "TrainBaseline")}
    inputs = {
        "candidate": packed(models["Train"], machine.folder / "candidate"),
        "baseline": packed(models["TrainBaseline"], machine.folder / "baseline"),
        "test": prepared / "test",
    }
    evaluation = machine.process(steps["Evaluate"], inputs) / "evaluation"
    return Finished(machine, prepared, models["Train"], evaluation)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """With the image's interpreter and packages; whole runs use those of the project."""
    return finish(Machine(image_python(), build_bundle(ROOT), tmp_path_factory.mktemp("machine")))


# The first run on a machine downloads the image's packages.
pytestmark = pytest.mark.timeout(900)


def test_the_jobs_of_a_definition_lead_to_a_measured_model(finished: Finished) -> None:
    gate: dict[str, Any] = json.loads((finished.evaluation / "gate.json").read_text())
    assert gate["metric"] == "auc"
    assert 0.7 < gate["value"] <= 1
    assert math.isfinite(gate["baseline"])
    report = json.loads((finished.evaluation / "evaluation.json").read_text())
    assert report["binary_classification_metrics"]["auc"]["value"] == gate["value"]


def test_what_the_definition_says_of_the_problem_reaches_the_features(finished: Finished) -> None:
    features = json.loads((finished.prepared / "features" / "features.json").read_text())
    assert features["target"] == "outcome"
    assert features["data_version"] == "first"
    assert features["seed"] == 7
    assert "yes" in features["labels"]


def test_the_archive_serves_its_own_sample_rows_as_it_says(finished: Finished) -> None:
    code = f"""
import json, serving
samples = json.load(open({str(finished.model / "samples.json")!r}))
model = serving.model_fn({str(finished.model)!r})
body, kind = serving.transform_fn(model, json.dumps(samples["rows"]), "application/json", "application/json")
print(json.dumps([kind, json.loads(body), samples["predictions"]]))
"""
    kind, answered, promised = json.loads(finished.machine.call(code, finished.model / "code"))
    assert kind == "application/json"
    assert len(promised) > 0
    assert answered["predictions"] == promised


def test_jobs_see_the_bundle_and_nothing_of_the_checkout(finished: Finished) -> None:
    code = "import inference, processing_scripts, training_scripts as t; print(inference.__file__, t.__file__)"
    unpacked = finished.machine.folder / "Train" / "code"
    places = finished.machine.call(code, unpacked).split()
    assert all(Path(place).is_relative_to(unpacked) for place in places)


def test_the_images_environment_is_the_image() -> None:
    names = ("numpy", "pandas", "pyarrow", "scipy", "scikit-learn", "xgboost-cpu", "matplotlib", "boto3")
    code = f"from importlib.metadata import version; print(*map(version, {names}))"
    done = subprocess.run([image_python(), "-c", code], capture_output=True, text=True, check=True)
    versions = ("2.1.0", "2.2.3", "22.0.0", "1.15.0", "1.8.0", "3.2.0", "3.10.9", "1.38.0")
    assert done.stdout.split() == list(versions)
