"""`sageline doctor` looks at this very machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.doctor import IMAGE_PACKAGES
from cli.main import main


def test_it_finds_the_image_s_versions_installed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor", "--json", "--home", str(tmp_path)])
    found = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert {name: found[name]["finding"] for name in IMAGE_PACKAGES} == IMAGE_PACKAGES
    assert {found[name]["state"] for name in IMAGE_PACKAGES} == {"ok"}


def test_a_home_that_cannot_be_written_is_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    assert main(["doctor", "--home", str(blocked / "home")]) == 1
    assert "✗ Home" in capsys.readouterr().out
