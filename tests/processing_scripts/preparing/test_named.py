from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inference.job import JobError
from processing_scripts.preparing.named import check_names
from processing_scripts.preparing.options import parse
from tests.support.jobs import prepare_arguments

COLUMNS = ["age", "job", "sex", "income"]


def mistake(*words: str, target: str = "income", **settings: Any) -> str:
    options = parse(
        prepare_arguments(Path("in"), Path("out"), target, "auc", *words, f"--settings={json.dumps(settings)}")
    )
    try:
        check_names(options.target, options.drop, options.settings, COLUMNS)
    except JobError as error:
        return str(error)
    return ""


def test_columns_that_are_there_are_no_mistake() -> None:
    split = {"by": "group", "column": "job"}
    contract: dict[str, Any] = {"columns": {"age": {}}}
    assert not mistake("--drop=job", split=split, personal=["sex"], slices=["sex"], contract=contract)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"target": "Income"}, "the table has no column 'Income'; did you mean income?"),
        ({"slices": ["sx"]}, "the table has no column 'sx', which `evaluation.slices` names; did you mean sex?"),
        (
            {"personal": ["town"]},
            "the table has no column 'town', which `personal` names; its columns are age, job, sex, income.",
        ),
    ],
)
def test_a_column_that_is_not_there_is_named_with_its_setting(settings: dict[str, Any], sentence: str) -> None:
    assert mistake(**settings) == sentence


def test_all_mistakes_are_named_at_once() -> None:
    found = mistake("--drop=jb", slices=["sx", "town"], contract={"columns": {"agee": {}}})
    assert found == (
        "the table lacks 3 columns that the problem names: 'jb' in `drop` (did you mean job?); 'sx' in "
        "`evaluation.slices` (did you mean sex?); 'town' in `evaluation.slices`. Its columns are age, job, sex, "
        "income. And the table breaks the contract: it lacks the columns agee (did you mean age?)."
    )
