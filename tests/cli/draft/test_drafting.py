from __future__ import annotations

import csv
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.draft import Draft, DraftError, draft
from config import load_problem
from config.problem import Problem

ROWS = 600


def write(folder: Path, columns: dict[str, Sequence[object]], name: str = "things.csv") -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def noise(seed: int = 1, rows: int = ROWS) -> list[float]:
    drawn = random.Random(seed)  # noqa: S311 - repeatable data
    return [round(drawn.gauss(0, 1), 4) for _ in range(rows)]


def classes(names: Sequence[str], rows: int = ROWS, seed: int = 2) -> list[str]:
    drawn = random.Random(seed)  # noqa: S311 - repeatable data
    return [drawn.choice(names) for _ in range(rows)]


def load(drafted: Draft, folder: Path) -> Problem:
    file = folder / "things.yaml"
    file.write_text(drafted.text, encoding="utf-8")
    return load_problem(file)


def drafted(folder: Path, columns: dict[str, Sequence[object]], target: str = "y") -> tuple[Draft, Problem]:
    made = draft(write(folder, columns), target, problem_file=folder / "things.yaml")
    return made, load(made, folder)


def test_two_classes_make_a_binary_problem(tmp_path: Path) -> None:
    y = classes(["stays", "stays", "stays", "leaves"])
    made, problem = drafted(tmp_path, {"x": noise(), "y": y})
    assert (problem.kind, problem.metric, problem.threshold, problem.positive) == ("binary", "auc", 0.6, "leaves")
    assert problem.target == "y"
    assert made.problem_name == "things"
    assert made.notes == []


def test_a_class_that_says_yes_is_the_one_looked_for(tmp_path: Path) -> None:
    _, problem = drafted(tmp_path, {"x": noise(), "y": classes(["yes", "yes", "no"])})
    assert problem.positive == "yes"


def test_several_classes_make_a_multiclass_problem(tmp_path: Path) -> None:
    _, problem = drafted(tmp_path, {"x": noise(), "y": classes(["a", "b", "c", "d"])})
    assert (problem.kind, problem.metric) == ("multiclass", "accuracy")
    assert 0.25 < problem.threshold < 0.35


def test_one_class_of_several_that_dominates_is_measured_by_macro_f1(tmp_path: Path) -> None:
    made, problem = drafted(tmp_path, {"x": noise(), "y": classes(["a"] * 18 + ["b", "c"])})
    assert problem.metric == "f1_macro"
    assert "the metric is f1_macro" in " ".join(made.notes)


def test_few_whole_numbers_are_classes_and_that_is_said(tmp_path: Path) -> None:
    made, problem = drafted(tmp_path, {"x": noise(), "y": classes(["3", "4", "5"])})
    assert problem.kind == "multiclass"
    assert "write `kind: regression`" in made.notes[0]


def test_numbers_make_a_regression_problem_held_against_the_mean(tmp_path: Path) -> None:
    _, problem = drafted(tmp_path, {"x": noise(), "y": noise(3)})
    assert (problem.kind, problem.metric, problem.positive) == ("regression", "rmse", None)
    assert 0.85 < problem.threshold < 1.05


def test_text_in_a_numeric_target_is_listed_as_missing(tmp_path: Path) -> None:
    y: list[object] = [*noise(3)]
    y[10] = y[20] = "not measured: yet"
    made, problem = drafted(tmp_path, {"x": noise(), "y": y})
    assert problem.kind == "regression"
    assert problem.missing == ("not measured: yet",)
    assert "holds numbers but for `not measured: yet`" in made.notes[0]


def test_columns_to_leave_out_are_dropped_with_their_reason(tmp_path: Path) -> None:
    y = classes(["a", "b"])
    columns: dict[str, Sequence[object]] = {
        "customer_id": [at * 7 + 1000 for at in range(ROWS)],
        "constant": ["DE"] * ROWS,
        "empty": ["?", ""] * (ROWS // 2),
        "code": [{"a": "x1", "b": "x2"}[each] for each in y],
        "x": noise(),
        "y": y,
    }
    made, problem = drafted(tmp_path, columns)
    assert problem.drop == ("code", "customer_id", "constant", "empty")
    assert "# seems to give y away (alone it tells y in every row)\n  - code" in made.text
    assert "customer_id looks like an identifier (it is named like a key and hardly repeats a value)" in "\n".join(
        made.notes
    )
    assert "constant is `DE` in every row" in "\n".join(made.notes)
    assert "empty has no value in any row" in "\n".join(made.notes)


def test_what_is_worth_a_look_is_said(tmp_path: Path) -> None:
    columns: dict[str, Sequence[object]] = {
        "day": [f"{at % 12 + 1}/{at % 11 + 1}/2020" for at in range(ROWS)],
        "comma": [f"{at % 90},5" for at in range(ROWS)],
        "town": [f"town{at % 200}" for at in range(ROWS)],
        "gaps": ["?" if at % 4 else str(at % 37) for at in range(ROWS)],
        "remarks": [str(value) if at % 50 else "see file" for at, value in enumerate(noise())],
        "y": classes(["a"] * 19 + ["b"]),
    }
    made, problem = drafted(tmp_path, columns)
    notes = "\n".join(made.notes)
    assert problem.drop == ()
    assert re.search("day holds dates such as '.*', of which nothing says whether the day or the month comes", notes)
    assert re.search("comma writes numbers such as `.*,5`, and they are read as numbers", notes)
    assert "town has 200 different texts" in notes
    assert "gaps is missing in 75 % of the rows" in notes
    assert "remarks holds numbers but for `see file` (12), which are read as missing" in notes
    assert re.search(r"Only [45]\.?\d* % of the rows are `b`", notes)
    assert "Rare classes of y: `b`" in notes


def test_rare_classes_are_counted(tmp_path: Path) -> None:
    y = classes(["a", "b", "c"])
    y[5] = "odd"
    made, _ = drafted(tmp_path, {"x": noise(), "y": y})
    assert "Rare classes of y, with fewer than 3 rows, are left out: `odd` (1)" in made.notes[0]


def test_every_remark_stands_in_the_draft_too(tmp_path: Path) -> None:
    made, _ = drafted(tmp_path, {"day": ["1/1/2020", "2/1/2021"] * (ROWS // 2), "x": noise(), "y": classes("ab")})
    assert "# - day holds dates" in made.text
    assert all(line.startswith("#") or len(line) < 120 for line in made.text.splitlines())


HOSTILE = [
    "a: b",
    "# no",
    "yes",
    "- x",
    "'",
    '"',
    "{{x}}",
    "é\u2028",
    "null",
    "1e3",
    "*a",
    "!!int",
    " lead",
    "\x7f",
    "😀",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_and_labels_from_the_data_cannot_break_the_draft(tmp_path: Path, name: str) -> None:
    columns: dict[str, Sequence[object]] = {
        name: classes([f"{name}-p", f"{name}-q"]),
        f"{name} id": [f"{name}{at}" for at in range(ROWS)],
        "x": noise(),
    }
    path = write(tmp_path, columns)
    made = draft(path, name.strip(), header=True, problem_file=tmp_path / "things.yaml")
    problem = load(made, tmp_path)
    assert problem.target == name.strip()
    assert problem.drop == (f"{name} id".strip(),)
    assert problem.positive in {f"{name}-p".strip(), f"{name}-q".strip()}
    assert all(line.isprintable() for line in made.notes)


def test_a_line_break_in_data_stays_in_its_comment(tmp_path: Path) -> None:
    y = classes(["a\nthreshold: 0", "b"])
    made = draft(
        write(tmp_path, {"x": noise(), "bad\nname": ["1"] * ROWS, "y": y}), "y", problem_file=tmp_path / "t.yaml"
    )
    assert not any(line.startswith("threshold: 0\n") for line in made.text.splitlines(keepends=True))
    assert "its name cannot be written under `drop`" in "\n".join(made.notes)


def test_more_columns_to_drop_than_a_job_takes_are_said(tmp_path: Path) -> None:
    columns: dict[str, Sequence[object]] = {f"c{at}": ["1"] * ROWS for at in range(50)}
    made, problem = drafted(tmp_path, {**columns, "x": noise(), "y": classes("ab")})
    assert len(problem.drop) == 40
    assert made.notes[-1].startswith("`drop` has no room for 10 further columns (c40, c41, c42, c43, c44, …)")


def test_the_path_of_the_data_starts_at_the_problem_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "problems").mkdir()
    write(tmp_path / "data", {"x": noise(), "y": classes("ab")})
    monkeypatch.chdir(tmp_path)
    made = draft(Path("data/things.csv"), "y", problem_file=Path("problems/things.yaml"))
    assert "data: ../data/things.csv\n" in made.text
    assert load(made, tmp_path / "problems").data == str(tmp_path / "data" / "things.csv")


def test_a_name_that_the_file_does_not_say_is_written(tmp_path: Path) -> None:
    path = write(tmp_path, {"x": noise(), "y": classes("ab")})
    made = draft(path, "y", problem_file=tmp_path / "My Things 2.yaml")
    assert made.problem_name == "my_things_2"
    assert "\nname: my_things_2\n" in made.text


def test_columns_without_names_may_be_numbered(tmp_path: Path) -> None:
    path = tmp_path / "things.csv"
    path.write_text("".join(f"{x},{y}\n" for x, y in zip(noise(), classes(["p", "q"]), strict=True)))
    made = draft(path, "2", problem_file=tmp_path / "things.yaml")
    problem = load(made, tmp_path)
    assert problem.target == "column_2"
    assert problem.format is not None
    assert problem.format.header is False
    numbered = "columns are called by their places: the target 2 is column_2. If that row holds names, say --header."
    assert [numbered in note for note in made.notes] == [True] + [False] * (len(made.notes) - 1)
    by_name = draft(path, "column_2", problem_file=tmp_path / "things.yaml")
    assert not any("called by their places" in note for note in by_name.notes)


def test_what_was_said_about_the_format_is_written(tmp_path: Path) -> None:
    path = tmp_path / "things.csv"
    path.write_text("x^y\n" + "".join(f"{x}^{y}\n" for x, y in zip(noise(), classes(["p", "q"]), strict=True)))
    made = draft(path, "y", header=True, delimiter="^", problem_file=tmp_path / "things.yaml")
    found = load(made, tmp_path).format
    assert found is not None
    assert (found.header, found.delimiter) == (True, "^")


@pytest.mark.parametrize(
    ("columns", "target", "expected"),
    [
        ({"x": ["1"], "y": ["a"]}, "y", "1 rows have a value in the target column y, and at least 50 are needed"),
        ({"x": range(90), "y": ["a"] * 90}, "y", "The target column y has one class only: every row says 'a'"),
        ({"x": range(90), "y": [7] * 90}, "y", "The target column y has one class only: every row says '7'"),
        ({"x": range(90), "y": [""] * 90}, "y", "0 rows have a value in the target column y"),
        (
            {"x": range(900), "y": [f"t{at}" for at in range(900)]},
            "y",
            "has 900 different values, too many to be classes",
        ),
        ({"x": range(90), "y": ["2020-01-01", "2020-01-02"] * 45}, "y", "The target y holds dates"),
        ({"x": range(90), "churned": ["a", "b"] * 45}, "churn", "has no column 'churn'. Did you mean churned?"),
        ({"x": range(90), "Y": ["a", "b"] * 45}, "y", "has no column 'y'. Did you mean Y?"),
        ({"x": range(90), "q": ["a", "b"] * 45}, "target", "has no column 'target'. Its columns are x, q."),
        ({"y": ["a", "b"] * 45}, "y", "has only the column 'y', and predicting one takes another"),
        ({"x": range(90), "z": noise(rows=90), "y": ["a", "b"] * 45}, None, "Likely targets: y, "),
    ],
)
def test_what_cannot_be_drafted_gets_a_sentence(
    tmp_path: Path, columns: dict[str, Sequence[object]], target: str | None, expected: str
) -> None:
    with pytest.raises(DraftError) as caught:
        draft(write(tmp_path, columns), target)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("nowhere.csv", "nowhere.csv does not exist"),
        ("s3://bucket/t.csv", "is not on this machine: bring the table here"),
    ],
)
def test_data_that_is_not_here_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: str, expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DraftError, match=re.escape(expected)):
        draft(Path(data), "y")
