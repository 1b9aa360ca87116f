"""The program of forests that no training makes: every width of number that the tables are written in."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.compiler import source, toolchain
from inference.compiler.adversarial import adversarial_rows
from inference.compiler.forest import Forest, Link, Tree
from inference.compiler.layout import lay_out
from inference.compiler.library import Library
from inference.compiler.targets import host_target

Floats = NDArray[np.float32]


def tree(width: int, inner: int, random: np.random.Generator, pick: Callable[[int], int], group: int = 0) -> Tree:
    """A tree that splits one of its leaves at a time, the one that `pick` chooses of so many."""
    left, right = [-1], [-1]
    leaves = [0]
    for _ in range(inner):
        place = pick(len(leaves))
        node, leaves[place] = leaves[place], leaves[-1]
        leaves.pop()
        left[node], right[node] = len(left), len(left) + 1
        leaves += [len(left), len(left) + 1]
        left += [-1, -1]
        right += [-1, -1]
    count = len(left)
    return Tree(
        left=np.array(left, np.int32),
        right=np.array(right, np.int32),
        feature=random.integers(0, width, count).astype(np.int32),
        threshold=random.standard_normal(count).astype(np.float32),
        missing_left=random.random(count) < 0.5,
        leaf=random.standard_normal(count).astype(np.float32),
        group=group,
    )


def forest(width: int, trees: list[Tree], groups: int = 1) -> Forest:
    margins = tuple(float(np.float32(0.1 * group)) for group in range(groups))
    return Forest(width, margins, tuple(trees), Link.IDENTITY, "none", None)


def walked(made: Forest, rows: Floats) -> Floats:
    """The sums as numpy makes them, tree by tree."""
    sums = np.tile(np.array(made.margins, np.float32), (len(rows), 1))
    for each in made.trees:
        at = np.zeros(len(rows), np.int64)
        while (inner := each.left[at] >= 0).any():
            values = rows[np.arange(len(rows)), each.feature[at]]
            goes_left = np.where(np.isnan(values), each.missing_left[at], values < each.threshold[at])
            at = np.where(inner, np.where(goes_left, each.left[at], each.right[at]), at)
        sums[:, each.group] += each.leaf[at]
    return sums[:, 0] if made.groups == 1 else sums


def wide() -> Forest:
    random = np.random.default_rng(1)
    return forest(900, [tree(900, 40, random, lambda n: int(random.integers(n))) for _ in range(70)])


def balanced() -> Forest:
    random = np.random.default_rng(2)
    return forest(
        4, [tree(4, (1 << depth) - 1, random, lambda _: 0) for depth in (8, 8, 3, 0, 7, 8, 8, 8, 1, 0, 2, 4, 5, 6)]
    )


def chain() -> Forest:
    random = np.random.default_rng(3)
    return forest(3, [tree(3, 400, random, lambda n: n - 1), tree(3, 2, random, lambda n: n - 1)])


def thin() -> Forest:
    """Trees with too few leaves to be laid out complete, the shallowest of them no deeper than a head."""
    random = np.random.default_rng(7)
    return forest(3, [tree(3, depth, random, lambda n: n - 1) for depth in (5, 6, 7, 5, 8)])


def huge() -> Forest:
    random = np.random.default_rng(4)
    return forest(2, [tree(1, 70_000, random, lambda n: int(random.integers(n))) for _ in range(2)])


def several_groups() -> Forest:
    random = np.random.default_rng(5)
    return forest(5, [tree(5, 9, random, lambda n: int(random.integers(n)), place % 3) for place in range(200)], 3)


def odd_thresholds() -> Forest:
    random = np.random.default_rng(6)
    odd = np.array([np.inf, -np.inf, 0.0, -0.0, 1e-45, -1e-45, 1e-40, np.finfo(np.float32).max], np.float32)
    made = [tree(2, 7, random, lambda n: int(random.integers(n))) for _ in range(30)]
    for each in made:
        each.threshold[:] = random.choice(odd, len(each.threshold))
    return forest(2, made)


def no_trees() -> Forest:
    return forest(3, [])


FORESTS = (wide, balanced, chain, thin, huge, several_groups, odd_thresholds, no_trees)


@cache
def case(make: Callable[[], Forest]) -> tuple[Forest, str, Floats, Floats]:
    """A forest, its program, and rows with their sums."""
    made = make()
    rows = adversarial_rows(made)[:20_000]
    return made, source.program(made, lay_out(made)), rows, walked(made, rows)


def built(text: str, made: Forest, folder: Path) -> Library:
    (folder / "it.c").write_text(text)
    compiler = toolchain.find_compiler(host_target())
    assert compiler
    toolchain.build(compiler, host_target(), folder, "it.c", "it.so")
    return Library(folder / "it.so", made.width, made.outputs)


def hold(library: Library, rows: Floats, expected: Floats) -> None:
    assert library.scores(rows).tobytes() == expected.tobytes()
    for few in (1, 2, 7, 33, 65, 79):
        assert library.scores(rows[:few]).tobytes() == expected[:few].tobytes()
    assert np.concatenate([library.scores(rows[place : place + 1]) for place in range(300)]).tobytes() == (
        expected[:300].tobytes()
    )


@pytest.mark.parametrize("make", FORESTS, ids=lambda make: make.__name__)
def test_sums_have_the_bits_of_a_plain_walk_with_vectors_of_either_size(
    make: Callable[[], Forest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, text, rows, expected = case(make)
    asked = '__builtin_cpu_supports("avx2")'
    assert text.count(asked) == 1
    library = built(text.replace(asked, f'(!getenv("NARROW") && {asked})'), made, tmp_path)
    hold(library, rows, expected)
    monkeypatch.setenv("NARROW", "1")
    hold(library, rows, expected)


@pytest.mark.parametrize("make", FORESTS, ids=lambda make: make.__name__)
def test_sums_have_the_bits_of_a_plain_walk_without_what_compilers_add_to_c(
    make: Callable[[], Forest], tmp_path: Path
) -> None:
    made, text, rows, expected = case(make)
    hold(built("#define MODEL_PORTABLE\n" + text, made, tmp_path), rows, expected)
