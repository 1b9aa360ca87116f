from __future__ import annotations

import ast
import json
import math
import struct
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from inference.neo import binary, export, proof
from tests.inference.neo.conftest import ENVIRONMENT, PYTHON, ROOT
from tests.inference.neo.models import Trained

PROGRAM = "processing_scripts.export_for_neo"
MODULES = [
    *sorted((ROOT / "inference" / "neo").glob("*.py")),
    ROOT / "inference" / "__init__.py",
    ROOT / "processing_scripts" / "__init__.py",
    ROOT / "processing_scripts" / "export_for_neo.py",
]


def ran(python: str | Path, folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    place = folder / "in" / "candidate"
    place.mkdir(parents=True, exist_ok=True)
    (folder / "model.json").write_text(text, encoding="utf-8")
    with tarfile.open(place / "model.tar.gz", "w:gz") as archive:
        archive.add(folder / "model.json", "model.json")
    command = [python, "-m", PROGRAM, "--input", folder / "in", "--output", folder / "out"]
    environment = ENVIRONMENT if python == PYTHON else None
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["binary", "multiclass", "pruned"])
def test_the_job_lets_a_real_xgboost_1_3_read_and_use_what_it_writes(
    trained: Mapping[str, Trained], tmp_path: Path, name: str
) -> None:
    text = trained[name].json.read_text(encoding="utf-8")
    done = ran(PYTHON, tmp_path, text)
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads((tmp_path / "out" / "neo" / "export.json").read_text(encoding="utf-8"))
    assert report["checked_by"] == "1.3.3"
    assert report["rows_checked"] > 50
    with tarfile.open(tmp_path / "out" / "neo" / "model.tar.gz") as archive:
        (only,) = archive.getmembers()
        file = archive.extractfile(only)
        assert file is not None
        assert (only.name, file.read()) == ("xgboost.model", binary.write(export.from_json(text)))


def test_elsewhere_it_writes_the_same_file_and_says_that_nothing_has_read_it(
    trained: Mapping[str, Trained], tmp_path: Path
) -> None:
    text = trained["regression"].json.read_text(encoding="utf-8")
    found = {}
    for python in (sys.executable, PYTHON):
        done = ran(python, tmp_path / Path(python).parts[-3], text)
        assert done.returncode == 0, done.stderr
        folder = tmp_path / Path(python).parts[-3] / "out" / "neo"
        report = json.loads((folder / "export.json").read_text(encoding="utf-8"))
        found[report["checked_by"]] = report["sha256"]
    assert set(found) == {None, "1.3.3"}
    assert len(set(found.values())) == 1


def test_a_model_that_cannot_be_exported_ends_the_job_with_a_sentence(
    trained: Mapping[str, Trained], tmp_path: Path
) -> None:
    text = trained["binary"].json.read_text(encoding="utf-8").replace('"gbtree"', '"dart"')
    done = ran(sys.executable, tmp_path, text)
    assert done.returncode == 1
    assert done.stderr.startswith("The model cannot be exported for Neo. The model is of the booster dart")
    assert not (tmp_path / "out").exists()


def test_an_archive_without_trees_is_told_from_one_that_is_damaged(tmp_path: Path) -> None:
    place = tmp_path / "in" / "candidate" / "model.tar.gz"
    place.parent.mkdir(parents=True)
    with tarfile.open(place, "w:gz"):
        pass
    command = [sys.executable, "-m", PROGRAM, "--input", str(tmp_path / "in"), "--output", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "has no model.json: Neo compiles models of XGBoost." in done.stderr
    place.write_bytes(b"not an archive")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr.startswith("The model cannot be exported for Neo. ")


def test_the_rows_it_is_held_against_lie_on_thresholds_beside_them_and_where_there_are_no_numbers(
    trained: Mapping[str, Trained],
) -> None:
    model = export.from_json(trained["binary"].json.read_text(encoding="utf-8"))
    rows = proof.rows(model)
    tree = model.trees[0]
    feature, threshold = tree.features[0], proof.single(tree.values[0])
    cells = {row[feature] for row in rows}
    (bits,) = struct.unpack("<i", struct.pack("<f", threshold))
    beside = {struct.unpack("<f", struct.pack("<i", bits + step))[0] for step in (-1, 0, 1)}
    assert beside <= cells
    assert {math.inf, -math.inf, 0.0} <= cells
    assert any(math.isnan(cell) for cell in cells)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_what_runs_in_the_old_image_is_written_for_its_python_3_7(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 7))
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not called & {"removeprefix", "removesuffix", "is_relative_to", "file_digest", "data_filter", "nextafter"}
    assert not any(
        keyword.arg == "strict" for node in ast.walk(tree) if isinstance(node, ast.Call) for keyword in node.keywords
    )
