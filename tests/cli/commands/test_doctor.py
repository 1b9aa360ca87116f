"""`sageline doctor` looks at this very machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.doctor import IMAGE_PACKAGES
from cli.main import main
from local.store.database import Database


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


def state(home: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    main(["doctor", "--json", "--home", str(home)])
    found: dict[str, str] = next(check for check in json.loads(capsys.readouterr().out) if check["name"] == "State")
    return found


def test_a_home_without_executions_and_one_that_is_whole_are_fine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert state(tmp_path, capsys) == {"name": "State", "state": "ok", "finding": "no executions yet"}
    assert not (tmp_path / "state.db").exists()
    Database(tmp_path / "state.db").close()
    assert state(tmp_path, capsys)["finding"].endswith(" MB, intact")


def test_a_state_file_that_is_none_is_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "state.db").write_text("not a database" * 1000, encoding="utf-8")
    found = state(tmp_path, capsys)
    assert found["state"] == "problem"
    assert "is not a state file that can be read" in found["finding"]


def test_a_state_file_with_damage_further_in_is_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "state.db"
    database = Database(path)
    database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    content = bytearray(path.read_bytes())
    content[2 * 4096 : 4 * 4096] = b"\x55" * 2 * 4096
    path.write_bytes(content)

    found = state(tmp_path, capsys)

    assert found["state"] == "problem"
    assert "state.db is damaged (" in found["finding"]
    assert "Move it away to start afresh" in found["finding"]
