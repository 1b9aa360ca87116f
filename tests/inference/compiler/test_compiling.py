from __future__ import annotations

import ctypes
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.growing import CLASSES, KINDS, WIDTH, Kind, grow, table
from inference.compiler import CompileError, Target, compile_model, host_target
from inference.compiler.library import Library

BY_NAME = {kind.name: kind for kind in KINDS}
ARM = Target("LINUX", "ARM64")


def scores(folder: Path, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    facts = json.loads((folder / "compiled.json").read_text())
    return Library(folder / "compiled.so", facts["width"], facts["outputs"]).scores(rows)


@pytest.mark.parametrize(
    ("name", "form"),
    [*((kind.name, "json") for kind in KINDS), ("binary", "ubj"), ("several targets", "ubj"), ("dart", "ubj")],
)
def test_every_kind_answers_with_the_bits_of_xgboost(name: str, form: str, tmp_path: Path) -> None:
    booster = grow(BY_NAME[name])
    booster.save_model(tmp_path / f"model.{form}")
    made = compile_model(tmp_path, tmp_path / "out", host_target(), table(500))
    assert made.facts["checked"]["differing"] == 0
    rows = table(3000, seed=8)
    expected = np.asarray(booster.inplace_predict(rows), dtype=np.float32)
    assert len(np.unique(expected)) > 1
    assert scores(tmp_path / "out", rows).tobytes() == expected.tobytes()


def test_a_description_tells_what_was_compiled_from_what(tmp_path: Path) -> None:
    booster = grow(BY_NAME["several classes"])
    booster.save_model(tmp_path / "model.json")
    made = compile_model(tmp_path, tmp_path / "out", host_target())
    said = json.loads(made.description.read_text())
    assert {key: said[key] for key in ("kind", "objective", "link", "width", "outputs", "trees")} == {
        "kind": "trees", "objective": "multi:softprob", "link": "softmax", "width": WIDTH, "outputs": CLASSES,
        "trees": 12 * CLASSES,
    }  # fmt: skip
    assert len(said["margins"]) == CLASSES
    assert said["checked"]["adversarial_rows"] > 1000


def test_only_the_rounds_up_to_the_best_one_are_compiled(tmp_path: Path) -> None:
    booster = grow(BY_NAME["several classes"])
    booster.set_attr(best_iteration="2")
    booster.save_model(tmp_path / "model.json")
    made = compile_model(tmp_path, tmp_path / "out", host_target())
    assert (made.facts["best_iteration"], made.facts["trees"]) == (2, 3 * CLASSES)
    rows = table(200)
    expected = booster.inplace_predict(rows, iteration_range=(0, 3))
    assert scores(tmp_path / "out", rows).tobytes() == expected.tobytes()
    assert scores(tmp_path / "out", rows).tobytes() != booster.inplace_predict(rows).tobytes()


def test_the_same_model_gives_the_same_bytes_wherever_it_is_compiled(tmp_path: Path) -> None:
    booster = grow(BY_NAME["binary"])
    for place in (tmp_path / "here", tmp_path / "elsewhere" / "deeper"):
        place.mkdir(parents=True)
        booster.save_model(place / "model.json")
        compile_model(place, place / "out", host_target())
    one, other = (tmp_path / "here" / "out", tmp_path / "elsewhere" / "deeper" / "out")
    for name in ("compiled.so", "compiled.c", "model.h", "compiled.json"):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    assert str(tmp_path).encode() not in (one / "compiled.so").read_bytes()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"booster": "gblinear"}, "the booster gblinear has no trees"),
        ({"multi_strategy": "multi_output_tree"}, "vectors in their leaves"),
    ],
)
def test_what_cannot_be_compiled_is_refused_by_name(settings: dict[str, str], words: str, tmp_path: Path) -> None:
    kind = Kind("refused", "reg:squarederror", "targets" if "multi_strategy" in settings else "real", settings)
    grow(kind).save_model(tmp_path / "model.json")
    with pytest.raises(CompileError, match=words):
        compile_model(tmp_path, tmp_path / "out", host_target())
    assert not list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else True


def test_a_target_without_a_compiler_gets_the_source_and_is_checked_on_this_machine(tmp_path: Path) -> None:
    grow(BY_NAME["binary"]).save_model(tmp_path / "model.json")
    made = compile_model(tmp_path, tmp_path / "out", Target("ANDROID", "X86"))
    assert made.library is None
    assert made.facts["library"] is None
    assert made.facts["checked"]["how"] == "the same source compiled for this machine"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["compiled.c", "compiled.json", "model.h"]


def test_one_library_serves_several_threads_without_python_holding_them(tmp_path: Path) -> None:
    grow(BY_NAME["binary"]).save_model(tmp_path / "model.json")
    made = compile_model(tmp_path, tmp_path / "out", host_target())
    assert made.library
    predict = ctypes.CDLL(str(made.library)).model_predict
    rows, found = table(0), np.empty(0, np.float32)
    assert predict(ctypes.c_void_p(rows.ctypes.data), ctypes.c_size_t(0), ctypes.c_void_p(found.ctypes.data)) == 0
