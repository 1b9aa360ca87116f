from __future__ import annotations

import json
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.archive import Archive
from inference.compiler import CompileError, Target, compile_model, emulator, host_target
from inference.compiler.library import Library
from inference.compiler.toolchain import find_compiler
from inference.edge.bundle import write_artefact, write_bundle
from inference.edge.recipe import recipe
from inference.edge.runner import short
from inference.serving import respond

Folders = dict[tuple[str, str], Path]
MODELS = [(kind, model) for kind in ("binary", "multiclass", "regression") for model in ("linear", "xgboost")]
ARM = Target("LINUX", "ARM64")
COLOURS = ("red", "green", "mauve", "", '"a, b"')
ROWS = "size,colour,age\n" + "".join(
    f"{number / 7},{COLOURS[number % 5]},{('', 20, 30.5)[number % 3]}\n" for number in range(60)
)


def unpacked(path: Path, into: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(into)
        for member in archive.infolist():
            (into / member.filename).chmod(member.external_attr >> 16)
    return into


def bundle(folder: Path, root: Path, target: Target | None = None) -> Path:
    made = compile_model(folder, root / "compiled", target or host_target())
    write_bundle(folder, made, root / "edge.zip", "things", "3")
    return unpacked(root / "edge.zip", root / "edge")


@pytest.fixture(scope="module")
def linear(model_folders: Folders, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that nobody changes."""
    return bundle(model_folders["regression", "linear"], tmp_path_factory.mktemp("linear"))


def run(folder: Path, *arguments: str, rows: str = "") -> subprocess.CompletedProcess[str]:
    """Run on the standard library alone: without site-packages, from another folder."""
    command = [sys.executable, "-I", "-S", str(folder / "run"), *arguments]
    return subprocess.run(command, input=rows, capture_output=True, text=True, check=False, cwd=folder.parent)


@pytest.mark.parametrize("key", MODELS)
def test_the_device_answers_as_the_endpoint_does(
    model_folders: Folders, archives: dict[tuple[str, str], Archive], key: tuple[str, str], tmp_path: Path
) -> None:
    folder = bundle(model_folders[key], tmp_path)
    (tmp_path / "rows.csv").write_text(ROWS)
    done = run(folder, "rows.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == respond(archives[key], ROWS, "text/csv", "text/csv")[0]
    assert len(set(done.stdout.splitlines())) > 10
    done = run(folder, "--json", "-", rows=ROWS.split("\n", 1)[1])
    assert done.stdout == respond(archives[key], ROWS, "text/csv", "application/json")[0]
    checked = run(folder, "--check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "sample rows are predicted as in training." in checked.stdout


def test_the_device_decides_by_the_threshold_of_the_model(model_folders: Folders, tmp_path: Path) -> None:
    folder = shutil.copytree(model_folders["binary", "xgboost"], tmp_path / "model")
    fitted = json.loads((folder / "features.json").read_text())
    (folder / "features.json").write_text(json.dumps({**fitted, "threshold": 0.0}))
    done = run(bundle(folder, tmp_path), "-", rows=ROWS)
    assert {line.partition(",")[0] for line in done.stdout.splitlines()} == {"yes"}


def test_the_same_model_gives_the_same_bundle(model_folders: Folders, tmp_path: Path) -> None:
    source = model_folders["binary", "xgboost"]
    for name in ("one", "two"):
        made = compile_model(source, tmp_path / name / "compiled", host_target())
        write_bundle(source, made, tmp_path / name / "edge.zip", "things", "3")
        write_artefact(made, tmp_path / name / "model.tar.gz")
    for file in ("edge.zip", "model.tar.gz"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


@pytest.mark.parametrize(
    ("rows", "arguments", "code", "words"),
    [
        ("size,colour\n1,red\n", ["-"], 1, "row 1: a row lacks the columns age"),
        ("much,red,20\n", ["-"], 1, "row 1: column size takes numbers"),
        ('"', ["-"], 1, "the body is not CSV"),
        ("", ["nowhere.csv"], 1, "nowhere.csv cannot be read: No such file or directory."),
        ("", [], 2, "usage: run"),
        ("", ["--fast", "-"], 2, "usage: run"),
    ],
)
def test_mistakes_are_sentences(linear: Path, rows: str, arguments: list[str], code: int, words: str) -> None:
    done = run(linear, *arguments, rows=rows)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("file", ["compiled.so", "features.json"])
def test_a_file_that_was_changed_is_not_run(linear: Path, tmp_path: Path, file: str) -> None:
    folder = tmp_path / "edge"
    shutil.copytree(linear, folder)
    (folder / file).write_bytes((folder / file).read_bytes() + b" ")
    done = run(folder, "--check")
    assert (done.returncode, done.stderr) == (
        1,
        f"{file} is not the file that this bundle was made with; unpack the bundle again.\n",
    )


def test_without_a_library_the_runner_says_how_to_build_one(model_folders: Folders, tmp_path: Path) -> None:
    folder = bundle(model_folders["regression", "linear"], tmp_path, Target("ANDROID", "X86"))
    done = run(folder, "--check")
    assert done.returncode == 1
    line = done.stderr.split("with a C compiler: ")[1].split()
    assert line[0] == "gcc"
    arguments = [part for part in line[1:] if not part.startswith("-m")]
    subprocess.run(["gcc", *arguments], cwd=folder, check=True)
    assert run(folder, "--check").returncode == 0


def test_a_bundle_needs_what_turns_raw_rows_into_features(model_folders: Folders, tmp_path: Path) -> None:
    shutil.copyfile(model_folders["regression", "xgboost"] / "model.json", tmp_path / "model.json")
    made = compile_model(tmp_path, tmp_path / "compiled", host_target())
    with pytest.raises(CompileError, match=r"the model comes without features\.json"):
        write_bundle(tmp_path, made, tmp_path / "edge.zip", "things", "1")
    assert not (tmp_path / "edge.zip").exists()


def test_numbers_are_written_as_numpy_writes_them() -> None:
    bits = np.random.default_rng(4).integers(0, 1 << 32, 20_000, dtype=np.uint64).astype(np.uint32)
    values = [value for value in bits.view(np.float32) if np.isfinite(value)]
    assert [repr(short(float(value))) for value in values] == [repr(float(str(value))) for value in values]
    assert struct.pack("f", short(float(np.float32(0.1)))) == np.float32(0.1).tobytes()


@pytest.mark.skipif(
    not (emulator.find(ARM) and find_compiler(ARM)), reason="qemu-aarch64 and aarch64-linux-gnu-gcc are not both here"
)
def test_the_example_in_c_scores_features_on_an_arm_processor(model_folders: Folders, tmp_path: Path) -> None:
    source = model_folders["multiclass", "xgboost"]
    folder = bundle(source, tmp_path, ARM)
    compiler, qemu = find_compiler(ARM), emulator.find(ARM)
    assert compiler
    assert qemu
    line = ["-O2", "-o", "example", "example.c", "./compiled.so", "-lm"]
    subprocess.run([compiler.program, *line], cwd=folder, check=True)
    facts: dict[str, Any] = json.loads((folder / "compiled.json").read_text())
    assert facts["checked"]["how"] == "run by qemu-aarch64"
    rows = np.random.default_rng(3).normal(size=(50, facts["width"])).astype(np.float32)
    rows[::9, 0] = np.nan
    text = "\n".join(",".join(map(str, row)) for row in rows.tolist())
    done = subprocess.run(
        [qemu, "-L", "/usr/aarch64-linux-gnu", "./example"], input=text, text=True, capture_output=True, cwd=folder,
        check=True,
    )  # fmt: skip
    found = np.array([line.split(",") for line in done.stdout.splitlines()], dtype=np.float32)
    own = compile_model(source, tmp_path / "own", host_target())
    assert own.library
    assert found.tobytes() == Library(own.library, facts["width"], facts["outputs"]).scores(rows).tobytes()


def test_the_recipe_names_the_platform_and_checks_the_sample_rows_on_the_device() -> None:
    found = recipe("breast_cancer", "3", ARM, "bc-edge.zip")
    assert (found["RecipeFormatVersion"], found["ComponentName"], found["ComponentVersion"]) == (
        "2020-01-25",
        "sageline.breast-cancer",
        "3.0.0",
    )
    (manifest,) = found["Manifests"]
    assert manifest["Platform"] == {"os": "linux", "architecture": "aarch64"}
    assert manifest["Lifecycle"]["Install"]["Script"].endswith('/bc-edge/run" --check')
    assert manifest["Artifacts"][0]["Unarchive"] == "ZIP"
