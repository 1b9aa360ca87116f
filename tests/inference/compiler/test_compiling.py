from __future__ import annotations

import ctypes
import json
import os
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.growing import CLASSES, KINDS, WIDTH, Kind, grow, table
from inference.compiler import Compiled, CompileError, Target, compile_model, host_target, toolchain
from inference.compiler.library import Library
from inference.compiler.toolchain import Compiler
from inference.compiler.trees import XGBoostTrees

BY_NAME = {kind.name: kind for kind in KINDS}
Making = Callable[[str], tuple[Any, Path, Compiled]]


@pytest.fixture(scope="module")
def of_kind(tmp_path_factory: pytest.TempPathFactory) -> Making:
    """Grows and compiles a model of a kind, once: the booster, its file, and what was made of it."""

    @cache
    def made(name: str) -> tuple[Any, Path, Compiled]:
        booster, path = grow(BY_NAME[name]), tmp_path_factory.mktemp("kind") / "model.json"
        booster.save_model(path)
        return booster, path, compile_model(path.parent, path.parent / "out", host_target(), table(500))

    return made


def scores(folder: Path, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    facts = json.loads((folder / "compiled.json").read_text())
    return Library(folder / "compiled.so", facts["width"], facts["outputs"]).scores(rows)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_kind_answers_with_the_bits_of_xgboost(of_kind: Making, name: str) -> None:
    booster, _, made = of_kind(name)
    assert made.facts["checked"]["differing"] == 0
    rows = table(3000, seed=8)
    expected = np.asarray(booster.inplace_predict(rows), dtype=np.float32)
    assert len(np.unique(expected)) > 1
    assert scores(made.folder, rows).tobytes() == expected.tobytes()


@pytest.mark.parametrize("name", ["binary", "several targets", "dart"])
def test_a_model_in_ubjson_gives_the_program_of_the_one_in_json(of_kind: Making, name: str, tmp_path: Path) -> None:
    booster, path, made = of_kind(name)
    booster.save_model(tmp_path / "model.ubj")
    found = XGBoostTrees(tmp_path / "model.ubj")
    assert found.program() == XGBoostTrees(path).program()
    assert made.source.read_text(encoding="utf-8").startswith(found.program())
    rows = table(100)
    assert found.own_scores(rows).tobytes() == np.asarray(booster.inplace_predict(rows), dtype=np.float32).tobytes()


def test_a_description_tells_what_was_compiled_from_what(of_kind: Making) -> None:
    _, _, made = of_kind("several classes")
    said = json.loads(made.description.read_text())
    assert {key: said[key] for key in ("kind", "objective", "link", "width", "outputs", "trees")} == {
        "kind": "trees", "objective": "multi:softprob", "link": "softmax", "width": WIDTH, "outputs": CLASSES,
        "trees": 12 * CLASSES,
    }  # fmt: skip
    assert len(said["margins"]) == CLASSES
    assert said["checked"]["adversarial_rows"] > 1000


def test_the_line_in_a_description_builds_the_library_of_the_source(of_kind: Making, tmp_path: Path) -> None:
    _, _, made = of_kind("binary")
    compiler = toolchain.find_compiler(host_target())
    assert compiler
    assert made.library
    (tmp_path / made.source.name).write_bytes(made.source.read_bytes())
    subprocess.run([compiler.program, *made.facts["build"]], cwd=tmp_path, check=True)
    assert (tmp_path / made.library.name).read_bytes() == made.library.read_bytes()


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


def test_the_same_model_gives_the_same_bytes_wherever_it_is_compiled(of_kind: Making, tmp_path: Path) -> None:
    _, path, made = of_kind("binary")
    place = tmp_path / "elsewhere" / "deeper"
    place.mkdir(parents=True)
    (place / path.name).write_bytes(path.read_bytes())
    compile_model(place, place / "out", host_target(), table(500))
    for name in ("compiled.so", "compiled.c", "model.h", "compiled.json"):
        assert (made.folder / name).read_bytes() == (place / "out" / name).read_bytes(), name
    for folder in (path.parent, place):
        assert str(folder).encode() not in (made.folder / "compiled.so").read_bytes()


def test_a_compiler_that_is_not_waited_for_is_ended(tmp_path: Path) -> None:
    slow, told = tmp_path / "slow", tmp_path / "process"
    slow.write_text("#!/bin/sh\necho $$ > writing && mv writing process\nexec sleep 600\n")
    slow.chmod(0o755)
    with toolchain.building(Compiler(str(slow), "none"), host_target(), tmp_path, "it.c", "it.so"):
        while not told.exists():
            time.sleep(0.01)
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)


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


def test_several_threads_are_answered_by_one_library_at_once(of_kind: Making) -> None:
    _, _, made = of_kind("binary")
    assert made.library
    library, parts = Library(made.library, WIDTH, 1), [table(5000, seed=seed) for seed in range(4)]
    expected = [library.scores(part).tobytes() for part in parts]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            assert [found.tobytes() for found in pool.map(library.scores, parts)] == expected
    assert len(set(expected)) == len(parts)


def test_no_rows_are_no_answers(of_kind: Making) -> None:
    _, _, made = of_kind("binary")
    rows, found = table(0), np.empty(0, np.float32)
    predict = ctypes.CDLL(str(made.library)).model_predict
    assert predict(ctypes.c_void_p(rows.ctypes.data), ctypes.c_size_t(0), ctypes.c_void_p(found.ctypes.data)) == 0
