"""Parameters that override settings of the problem file have the settings' bounds."""

from __future__ import annotations

import pytest

from cli.errors import CommandError
from cli.parameters import check
from config import load_problem


def said(**given: str) -> str:
    with pytest.raises(CommandError) as caught:
        check(load_problem("breast_cancer"), given)
    return str(caught.value)


def test_parameters_within_bounds_and_those_that_are_no_settings_pass() -> None:
    check(load_problem("breast_cancer"), {"Seed": "0", "MetricThreshold": "0.5", "InputDataUri": "s3://a/b"})


def test_every_number_out_of_bounds_is_named_at_once() -> None:
    assert said(Seed="99999999999", MetricThreshold="90") == (
        "The parameters have 2 mistakes:\n"
        "  Seed: 99999999999 is out of range. Write a number of at most 2,147,483,647.\n"
        "  MetricThreshold: `auc` never takes the value 90. Write a number from 0 to 1; 90 % is 0.9."
    )
    assert "MetricThreshold: `auc` never takes the value nan." in said(MetricThreshold="nan")
    assert "Seed: `1.5` is not a whole number." in said(Seed="1.5")


def test_what_is_no_number_and_what_is_not_there_are_left_to_the_pipeline() -> None:
    check(load_problem("breast_cancer"), {"Seed": "many", "MaxTuningJobs": "0"})
