"""Programs of a container, and this machine's that stand for them."""

from __future__ import annotations

import sys

import pytest

from local.jobs.programs import find_program


@pytest.mark.parametrize("name", ["python", "python3", "python3.12", "/usr/bin/python3", "/miniconda3/bin/python"])
def test_the_images_python_is_the_engines(name: str) -> None:
    assert find_program(name, "") == sys.executable


def test_other_programs_are_looked_up() -> None:
    assert find_program("sh", "/usr/bin:/bin") in ("/usr/bin/sh", "/bin/sh")
    assert find_program("no-such-program", "/usr/bin:/bin") is None
