"""Writes the C program of a forest: its tables as C arrays, then the walk of `walk/`."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.compiler.forest import Forest, Link, Wide
from inference.compiler.layout import BLOCK, HEAD, Layout

_WALK = Path(__file__).with_name("walk")
_VECTORS = (
    ("WITH_VECTORS", "narrow", 16, "", "(void)0"),
    ("WITH_AVX2", "wide", 32, '__attribute__((target("avx2")))', "__builtin_ia32_vzeroupper()"),
)
_LINE = 16
_GROUP = 8
_BYTES = 32
_OCTAL = [f"\\{byte:03o}" for byte in range(256)]

_START = """\
/* A model compiled by Sageline: {what}. Reads {width} features a row, answers with {outputs} number(s).
   What to call stands in model.h. */

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if FLT_EVAL_METHOD != 0
#error "sums must be computed in 32 bits: on 32-bit x86 build with -msse2 -mfpmath=sse"
#endif
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the tables are written for little-endian processors"
#endif
#if defined(__GNUC__)
#define EXPORTED __attribute__((visibility("default")))
#else
#define EXPORTED
#endif
"""

_HEADER = """\
/* What a program calls of the compiled model beside this file. */

#ifndef MODEL_H
#define MODEL_H

#include <stddef.h>

#define MODEL_WIDTH {width} /* features in a row */
#define MODEL_OUTPUTS {outputs} /* numbers in an answer */

#ifdef __cplusplus
extern "C" {{
#endif

/* Scores `count` rows: `rows` holds count x MODEL_WIDTH numbers, NaN where one is missing, and `scores` takes
   count x MODEL_OUTPUTS. Returns 0, or 1 where memory is lacking. May be called by several threads at once. */
int model_predict(const float *rows, size_t count, float *scores);

#ifdef __cplusplus
}}
#endif

#endif
"""


def header(width: int, outputs: int) -> str:
    """The text of model.h."""
    return _HEADER.format(width=width, outputs=outputs)


def opening(width: int, outputs: int, what: str) -> str:
    """The start of a program: what it is of, and what it includes."""
    return _START.format(width=width, outputs=outputs, what=what)


def program(forest: Forest, layout: Layout) -> str:
    """The text of the whole program, the same for every target."""
    start = opening(forest.width, forest.outputs, f"{len(forest.trees)} trees, {forest.objective}")
    return "\n".join([start, *_constants(forest, layout), *_tables(forest, layout), *_walk()])


def _walk() -> Iterable[str]:
    yield from (_part(name) for name in ("ranks", "links", "one_row", "rows"))
    for condition, name, size, attribute, done in _VECTORS:
        defined = {"LANES(name)": f"name##_{name}", "SIZE": size, "TARGET": attribute, "DONE": done}
        yield f"#if defined({condition})"
        yield from (f"#define {what} {meaning}".rstrip() for what, meaning in defined.items())
        yield _part("vectors")
        yield "#endif"
    yield _part("many_rows")


def _part(name: str) -> str:
    return (_WALK / f"{name}.c").read_text(encoding="utf-8")


def _constants(forest: Forest, layout: Layout) -> Iterable[str]:
    runs = [run for block in layout.blocks for run in block]
    depths = sorted({run.depth for run in runs if not run.inner})
    numbers = {
        "WIDTH": forest.width,
        "GROUPS": forest.groups,
        "OUTPUTS": forest.outputs,
        "TREES": len(forest.trees),
        "COLUMNS": len(layout.columns),
        "BLOCK": BLOCK,
        "HEAD": HEAD,
        "BLOCKS": len(layout.blocks),
        "CUTS_IN_GROUP": _GROUP,
        "ALL_FULL": int(not any(run.inner for run in runs)),
        "ALL_DEEP": int(all(run.inner for run in runs)),
        **{f"LINK_{link.name}": place for place, link in enumerate(Link)},
    }
    yield from (f"#define {name} {value}" for name, value in numbers.items())
    yield f"#define LINK LINK_{forest.link.name}"
    yield from _sums(forest.wide)
    yield "#define FULL_DEPTHS(CASE) " + " ".join(f"CASE({depth})" for depth in depths)
    yield "#define GROUP_OF(tree) " + ("0" if forest.groups == 1 else "GROUP[tree]")
    # Ranks are signed, since processors compare signed bytes in one step, and start at the lowest number.
    bits = _rank_bits(layout)
    yield f"#define RANK_LOWEST (-{1 << (bits - 1)}LL)"
    yield f"#define RANK_HIGHEST {(1 << (bits - 1)) - 1}"
    yield f"typedef int{bits}_t rank_t;"
    yield f"typedef uint{bits}_t leaf_t;"
    yield f"typedef {_unsigned(2 * len(layout.columns))}_t slot_t;"
    yield f"typedef {_unsigned(_most_places(layout))}_t child_t;"
    yield "struct node { slot_t slot; rank_t rank; };"
    yield "struct run { uint32_t node, leaf, inner, child, place; uint16_t depth, trees; };"


def _sums(wide: Wide | None) -> Iterable[str]:
    """What sums are made of, and what becomes of a value before it is ranked."""
    if wide is None:
        yield "typedef float sum_t;"
        yield "#define SUM(group) sums[group]"
        yield "#define TAKEN(column, value) (value)"
        return
    yield "typedef double sum_t;"
    yield "#define SUM(group) " + ("sums[group]" if wide.rounds == 1 else f"(sums[group] / {wide.rounds}.0)")
    yield f"#define SLOPE {wide.slope.hex()}"
    yield f"#define TAKEN(column, value) (fabsf(value) <= {wide.zero.hex()}f ? ZEROS[column] : (value))"


def _rank_bits(layout: Layout) -> int:
    return next(bits for bits in (8, 16, 32) if layout.most_cuts < 1 << bits)


def _unsigned(count: int) -> str:
    """The smallest type for `count` values from 0."""
    return f"uint{next(bits for bits in (8, 16, 32) if count <= 1 << bits)}"


def _most_places(layout: Layout) -> int:
    """One more than the highest number of a child."""
    return int(layout.children.max(initial=0)) + 1


def _tables(forest: Forest, layout: Layout) -> Iterable[str]:
    lowest = -(1 << (_rank_bits(layout) - 1))
    runs = [run for block in layout.blocks for run in block]
    starts = np.cumsum([0, *(run.trees for run in runs)])
    number, kind = ("double", np.float64) if forest.wide else ("float", np.float32)
    yield array(number, "MARGINS", floats(np.array(forest.margins, dtype=kind)))
    if forest.wide:
        missing = [column in forest.wide.missing_zeros for column in layout.columns.tolist()]
        yield array("float", "ZEROS", ("NAN" if each else "0.0f" for each in missing))
    yield array("uint32_t", "COLUMN", map(str, layout.columns.tolist()))
    groups = np.diff(layout.starts) // _GROUP + 1
    yield array("uint32_t", "STARTS", map(str, np.cumsum([0, *groups]).tolist()))
    slot, rank = _unsigned(2 * len(layout.columns)), f"int{_rank_bits(layout)}"
    nodes = np.zeros(len(layout.slots), np.dtype([("slot", slot), ("rank", rank)], align=True))
    nodes["slot"], nodes["rank"] = layout.slots, layout.ranks + lowest
    yield _packed("float", "CUTS", _grouped(layout))
    yield _packed("struct node", "NODES", nodes)
    yield _packed("child_t", "CHILDREN", layout.children.astype(_unsigned(_most_places(layout))))
    yield _packed(number, "LEAVES", layout.leaves.astype(kind, copy=False))
    yield array("uint8_t", "PLACES", (str(place) for run in runs for place in run.places))
    yield array(
        "struct run",
        "RUNS",
        (
            f"{{{run.node},{run.leaf},{run.inner},{run.child},{start},{run.depth},{run.trees}}}"
            for run, start in zip(runs, starts.tolist(), strict=False)
        ),
    )
    firsts = np.cumsum([0, *(len(block) for block in layout.blocks)])
    yield array("uint32_t", "FIRST_RUN", map(str, firsts.tolist()))
    if forest.groups > 1:
        yield array("uint32_t" if forest.groups > 1 << 16 else "uint16_t", "GROUP", map(str, layout.groups.tolist()))


def floats(values: NDArray[np.floating[Any]]) -> Iterable[str]:
    """Numbers in C's hexadecimal notation, which is exact."""
    suffix = "f" if values.dtype == np.float32 else ""
    for value in values.tolist():
        if np.isfinite(value):
            yield value.hex() + suffix
        else:
            yield "INFINITY" if value > 0 else "-INFINITY"


def _grouped(layout: Layout) -> NDArray[np.float32]:
    """The thresholds, each column's filled up with at least one NaN to whole groups."""
    parts = [np.empty(0, np.float32)]
    for start, end in pairwise(layout.starts.tolist()):
        gap = _GROUP - (end - start) % _GROUP
        parts += [layout.cuts[start:end], np.full(gap, np.nan, np.float32)]
    return np.concatenate(parts)


def _packed(kind: str, name: str, values: NDArray[Any]) -> str:
    """A large table as the bytes that it has in memory: compilers read text much faster than numbers."""
    data = values.tobytes() or bytes(values.dtype.itemsize)
    pieces = (data[start : start + _BYTES] for start in range(0, len(data), _BYTES))
    text = "\n".join('"' + "".join(map(_OCTAL.__getitem__, piece)) + '"' for piece in pieces)
    count = len(data) // values.dtype.itemsize
    union = f"static const union {{ char bytes[{len(data)}]; {kind} values[{count}]; }} {name}_TABLE"
    return f"{union} = {{\n{text}\n}};\n#define {name} {name}_TABLE.values"


def array(kind: str, name: str, values: Iterable[str]) -> str:
    """A table of constants; one that is empty gets a cell that nothing reads."""
    items = list(values) or ["{0}" if kind.startswith("struct") else "0"]
    lines = [",".join(items[start : start + _LINE]) for start in range(0, len(items), _LINE)]
    body = ",\n".join(lines)
    return f"static const {kind} {name}[] = {{\n{body}\n}};"
