"""The words of `sageline run` that need no execution to be checked."""

from __future__ import annotations

import pytest

from cli.commands.run import parse_parameters
from cli.errors import CommandError
from cli.selection import step_names


def test_a_value_may_hold_an_equals_sign() -> None:
    assert parse_parameters(("A=b=c", "Seed=3")) == {"A": "b=c", "Seed": "3"}


def test_every_word_that_is_no_parameter_is_listed() -> None:
    with pytest.raises(CommandError, match=r"Not so: 'Seed', '=3'\."):
        parse_parameters(("Seed", "A=1", "=3"))


def test_a_parameter_given_twice_is_refused() -> None:
    with pytest.raises(CommandError, match=r"Given twice: Seed\."):
        parse_parameters(("Seed=1", "Seed=2"))


def test_steps_are_separated_by_commas() -> None:
    assert step_names("Train, Evaluate") == ["Train", "Evaluate"]
    with pytest.raises(CommandError, match="for example --only Train,Evaluate"):
        step_names("Train,,Evaluate")
