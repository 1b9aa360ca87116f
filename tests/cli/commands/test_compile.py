from __future__ import annotations

import json
import tarfile
from pathlib import Path

import lightgbm
import numpy as np
import pytest

from benchmarks.growing import KINDS, grow
from cli.main import main
from inference.compiler import host_target
from inference.compiler.targets import DEVICES


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    grow(KINDS[0], rounds=3).save_model(tmp_path / "trees.json")
    return tmp_path / "trees.json"


def test_a_model_file_is_compiled_without_an_edge_bundle(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "trees.json", "--target", "host"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"3 trees compiled for {host_target().name}.\nCompared with the model on ")
    assert "run on this machine: 0 with other bits.\nArtefact:    trees-1-host.tar.gz\nNo edge bundle: " in said
    with tarfile.open("trees-1-host.tar.gz") as archive:
        assert archive.getnames() == ["compiled.c", "compiled.json", "compiled.so", "model.h"]
    assert sorted(path.name for path in model.parent.iterdir()) == ["trees-1-host.tar.gz", "trees.json"]


def test_the_result_is_one_object_on_request(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", str(model), "--target", "host", "-o", "out/it.tar.gz", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["artefact"], said["bundle"]) == ("out/it.tar.gz", None)
    assert said["compiled"]["checked"]["differing"] == 0


def test_a_text_model_of_lightgbm_is_compiled_too(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = np.random.default_rng(3).normal(size=(300, 4))
    chosen = {"objective": "regression", "num_threads": 1, "verbosity": -1}
    lightgbm.train(chosen, lightgbm.Dataset(rows, rows[:, 0]), 4).save_model("light.txt")
    assert main(["compile", "light.txt", "--target", "host"]) == 0
    assert capsys.readouterr().out.startswith(
        f"4 trees compiled for {host_target().name}.\nCompared with the model on "
    )


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["trees.json", "--target", "toaster"], 2, "there is no target toaster; name host, android-aarch64, "),
        (["trees.json", "--target", "coreml"], 2, "the target coreml is Apple's Core ML, for which"),
        (["nowhere.tar.gz", "--target", "host"], 2, "There is no file nowhere.tar.gz."),
        (["noise.tar.gz", "--target", "host"], 2, "noise.tar.gz cannot be unpacked"),
        (["noise.txt", "--target", "host"], 1, "holds no model that is compiled here: none of model.json, model.ubj, "),
        (["noise.json", "--target", "host"], 1, "noise.json cannot be read as JSON or UBJSON"),
        (["trees.json", "--target", "host", "-o", "."], 2, "is a directory"),
        (["nothing/7", "--target", "host"], 2, "There is no model package 'nothing/7'."),
    ],
)
def test_mistakes_are_sentences(
    model: Path, arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("noise.txt").write_text("tree")
    Path("noise.tar.gz").write_bytes(b"noise")
    Path("noise.json").write_text('{"learner": ')
    assert main(["compile", *arguments, "--home", "home"]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err


@pytest.mark.parametrize("device", ["ml_c5", "rasp4b", "jetson_xavier"])
def test_devices_of_neo_are_targets(device: str) -> None:
    assert DEVICES[device].os == "LINUX"
