"""The reader on another processor, and under the compiler's own watch: the same bits, and no byte read past the end."""

from __future__ import annotations

import os
import random
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest

from inference.compiler import Target, emulator, host_target
from inference.compiler.toolchain import FLAGS, Compiler, find_compiler
from inference.features import Features
from inference.reader.layout import END, LABEL
from inference.reader.reading import PlainReader
from inference.reader.tables import Tables
from tests.inference.reader.conftest import compiled

ARM = Target("LINUX", "ARM64")
PIECES = ["1.5", "-7", "1e-3", "0.1234567890123456789", "12345678901234567890", "clerk", " smith ", "Zoë", "true",
          "TRUE", "Ulm", "Köln", "", "?", "-999", "x", ",", ",", ",", ",", "\n", "\r\n", '"', "\0", "\ufeff", "\xa0",
          "e", "9" * 70]  # fmt: skip


MAIN = """
#include <stdio.h>
static void *part(size_t size)
{
    void *found = malloc(size);
    if (!found || fread(found, 1, size, stdin) != size)
        exit(2);
    return found;
}
static uint64_t number(void)
{
    uint64_t *found = part(8), value = *found;
    free(found);
    return value;
}
int main(void)
{
    struct reader reader;
    uint32_t *counts = part(8 * 4);
    memcpy(&reader, counts, 8 * 4);
    const void *parts[7];
    for (int place = 0; place < 7; place++)
        parts[place] = part(number());
    reader.columns = parts[0], reader.tables = parts[1], reader.text = parts[2], reader.slots = (uint32_t *)parts[3];
    reader.bytes = parts[4], reader.values = parts[5], reader.missing_numbers = parts[6];
    if (model_reader_index(&reader))
        return 3;
    char out[64];
    const struct reader_piece pieces[] = {{"", 0, READER_LABEL}, {",", 1, 0}, {"", 0, READER_END}};
    const struct reader_piece labels[] = {{"no", 2, READER_END}, {"yes", 3, READER_END}};
    struct reader_form form = {&reader, pieces, labels, 0.5f, out};
    for (uint64_t left = number(); left; left--) {
        const size_t length = number();
        char *body = part(length);
        float *features = malloc(sizeof(float) * WIDTH * 4);
        size_t at = 0;
        const uint64_t count = model_reader_rows(&reader, body, length, &at, 4, 1, features), place = at;
        fwrite(&count, 8, 1, stdout);
        fwrite(&place, 8, 1, stdout);
        fwrite(features, sizeof(float) * WIDTH, count, stdout);
        const char *answer = model_reader_answer(&form, body, length);
        fprintf(stdout, "%s;", answer ? answer : "-");
        free(features);
        free(body);
    }
    return 0;
}
"""


def given(fitted: Features, bodies: list[bytes]) -> bytes:
    """What the program reads: tables as they lie in memory, then bodies."""
    tables = Tables(fitted)
    made = bytes(tables.reader)[: 8 * 4]
    for part in tables.parts:
        raw = part.tobytes()
        made += struct.pack("<Q", len(raw)) + raw
    made += struct.pack("<Q", len(bodies))
    return made + b"".join(struct.pack("<Q", len(body)) + body for body in bodies)


def here(reader: PlainReader, bodies: list[bytes]) -> bytes:
    """What the program is to write."""
    made = b""
    answering = reader.answering([("", LABEL), (",", 0), ("", END)], ["no", "yes"], 0.5)
    assert answering
    for body in bodies:
        out = np.empty((4, reader.width), np.float32)
        count, at = reader.rows(body, 0, out, may_be_header=True)
        made += struct.pack("<QQ", count, at) + out[:count].tobytes() + (answering(body, len(body)) or b"-") + b";"
    return made


@pytest.fixture(scope="session")
def program(fitted: Features, tmp_path_factory: pytest.TempPathFactory) -> tuple[PlainReader, str]:
    folder = tmp_path_factory.mktemp("program") / "model"
    weights = np.linspace(-1, 1, len(fitted.feature_names())).tolist()
    reader = PlainReader(fitted, compiled(fitted, folder, weights).library)
    return reader, (folder / "compiled" / host_target().name / "compiled.c").read_text() + MAIN


@pytest.mark.parametrize(
    ("target", "more"),
    [(ARM, ["-static"]), (host_target(), ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"])],
    ids=["arm", "watched"],
)
def test_rows_become_the_same_bits(
    fitted: Features, program: tuple[PlainReader, str], target: Target, more: list[str], tmp_path: Path
) -> None:
    compiler, runner = find_compiler(target), emulator.find(target) if target == ARM else ""
    if compiler is None or runner is None:
        pytest.skip("there is no compiler or no emulator for this processor")
    (tmp_path / "it.c").write_text(program[1])
    build(compiler, more, tmp_path)
    draw = random.Random(5)  # noqa: S311 - made-up rows
    bodies = ["".join(draw.choices(PIECES, k=draw.randrange(40))).encode() for _ in range(2000)]
    bodies += [",".join(draw.choices(PIECES[:16], k=7)).encode() + b"\n" for _ in range(2000)]
    bodies += [body[: draw.randrange(len(body) + 1)] for body in bodies] + [draw.randbytes(30) for _ in range(200)]
    expected = here(program[0], bodies)
    command = [*filter(None, [runner]), str(tmp_path / "it")]
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}  # The program ends without tidying up.
    done = subprocess.run(command, input=given(fitted, bodies), capture_output=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert done.stdout == expected
    assert expected.count(b"yes,") > 50


def build(compiler: Compiler, more: list[str], folder: Path) -> None:
    flags = [flag for flag in FLAGS if flag != "-fPIC"]
    command = [compiler.program, *flags, *more, "-o", "it", "it.c", "-lm"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if "cannot find" in done.stderr:
        pytest.skip(f"{compiler.program} comes without what {' '.join(more)} needs")
    assert done.returncode == 0, done.stderr
