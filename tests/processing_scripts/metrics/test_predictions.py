"""Answers of AutoML's containers, as its documentation shows them and as the laptop's archives give them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference.columns import Numeric
from inference.features import Features
from inference.job import JobError
from processing_scripts.metrics.predictions import read_predictions, samples

COLUMN = Numeric("size", median=0.0, low=-9.0, high=9.0, mean=0.0, deviation=1.0)


def features(*labels: str) -> Features:
    kind = {0: "regression", 2: "binary"}.get(len(labels), "multiclass")
    return Features(kind, "y", "", labels, (COLUMN,), frozenset({""}), "", 7)


def answered(folder: Path, *files: str) -> Path:
    for number, text in enumerate(files):
        (folder / f"rows-{number:05}.csv.out").write_text(text)
    return folder


def test_the_positive_class_is_the_problems_whichever_the_container_lists_first(tmp_path: Path) -> None:
    lines = "yes,0.9,\"[0.9, 0.1]\",\"['yes', 'no']\"\nno,0.75,\"[0.25, 0.75]\",\"['yes', 'no']\"\n"
    found = read_predictions(answered(tmp_path, lines), features("no", "yes"))
    assert found.predicted is not None
    assert found.predicted.tolist() == [1, 0]
    np.testing.assert_allclose(found.scores, [0.9, 0.25])


def test_answers_to_rows_that_are_shown_are_not_measured(tmp_path: Path) -> None:
    answered(tmp_path, "yes,0.9,\"[0.9, 0.1]\",\"['yes', 'no']\"\n")
    (tmp_path / "rows-00000.csv").write_text("4,Ada\n")
    (tmp_path / "samples-00000.csv").write_text("4,\n")
    (tmp_path / "samples-00000.csv.out").write_text("yes,0.8\n")
    assert len(read_predictions(tmp_path, features("no", "yes")).scores) == 1
    assert samples(tmp_path, tmp_path, 20) == {"rows": "4,\n", "answers": [["yes", "0.8"]]}


def test_lists_are_read_as_json_and_as_python_writes_them(tmp_path: Path) -> None:
    lines = 'b,0.5,"[0.2, 0.5, 0.3]","[""a"", ""b"", ""it\'s""]"\n' + "a,0.6,\"[0.6, 0.4]\",\"['a', 'b']\"\n"
    found = read_predictions(answered(tmp_path, lines), features("a", "b", "it's"))
    np.testing.assert_allclose(found.scores, [[0.2, 0.5, 0.3], [0.6, 0.4, 0.0]], rtol=1e-6)


def test_classes_that_are_numbers_are_known_however_they_are_written(tmp_path: Path) -> None:
    found = read_predictions(
        answered(tmp_path, '1.0,0.7,"[0.3, 0.7]","[0.0, 1.0]"\n', '0,0.8,"[0.8, 0.2]","[0, 1]"\n'), features("0", "1")
    )
    assert found.predicted is not None
    assert found.predicted.tolist() == [1, 0]


def test_truth_is_known_however_it_is_written(tmp_path: Path) -> None:
    found = read_predictions(answered(tmp_path, 'True,0.7,"[0.3, 0.7]","[False, True]"\n'), features("false", "true"))
    assert found.predicted is not None
    assert found.predicted.tolist() == [1]


def test_the_class_that_is_named_counts_and_not_the_most_probable_one(tmp_path: Path) -> None:
    found = read_predictions(answered(tmp_path, 'yes,0.4,"[0.6, 0.4]","[""no"", ""yes""]"\n'), features("no", "yes"))
    assert found.predicted is not None
    assert found.predicted.tolist() == [1]


def test_a_regressions_answers_are_numbers_in_the_order_of_the_files(tmp_path: Path) -> None:
    found = read_predictions(answered(tmp_path, "1.5\n2\n", "-3e2\n"), features())
    assert found.predicted is None
    assert found.scores.tolist() == [1.5, 2.0, -300.0]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("maybe,0.5,\"[0.5, 0.5]\",\"['no', 'yes']\"", "answers 'maybe', which is none of the classes no, yes."),
        ("yes", "answers 1 cells where 4 are expected"),
        ("yes,0.5,\"[0.5]\",\"['no', 'yes']\"", "answers 1 probabilities for 2 classes."),
        ("yes,0.5,\"['x', 0.5]\",\"['no', 'yes']\"", "answers 'x' where a probability is expected."),
        ("yes,0.5,\"__import__('os')\",\"['no', 'yes']\"", "where a list is expected."),
        ("", "holds no answer"),
    ],
)
def test_an_answer_that_cannot_be_used_is_named(tmp_path: Path, line: str, sentence: str) -> None:
    with pytest.raises(JobError, match=r".") as raised:
        read_predictions(answered(tmp_path, line), features("no", "yes"))
    assert sentence in str(raised.value)


def test_a_regression_answers_with_numbers(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="'much' where a number is expected"):
        read_predictions(answered(tmp_path, "much\n"), features())


def test_samples_are_the_first_rows_with_their_answers(tmp_path: Path) -> None:
    (tmp_path / "rows-00000.csv").write_text('1,"a, b"\n2,\n3,c\n')
    answered(tmp_path, "10\n20\n30\n")
    assert samples(tmp_path, tmp_path, 2) == {"rows": '1,"a, b"\n2,\n', "answers": [["10"], ["20"]]}
