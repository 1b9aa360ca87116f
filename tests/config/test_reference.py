from __future__ import annotations

from pathlib import Path

from config.environment import Environment
from config.problem import Problem
from config.reference import markdown

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown(), "run: python -m config.reference > docs/configuration.md"


def test_every_setting_is_described() -> None:
    for model in (Problem, Environment):
        for name, field in model.model_fields.items():
            assert field.description, name
            assert f"`{name}" in markdown()
