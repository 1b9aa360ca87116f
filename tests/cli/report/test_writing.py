from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.report import Material, ObjectReader, render, write
from local.client import client
from tests.cli.report import examples


@pytest.fixture
def s3(tmp_path: Path) -> ObjectReader:
    return client("s3", tmp_path / "home")


def test_the_report_of_a_failed_run_is_written_into_a_new_folder(s3: ObjectReader, tmp_path: Path) -> None:
    execution = examples.failed_in_prepare("The file is empty.")
    path = tmp_path / "reports" / "run.html"
    assert write(s3, execution, path) == path
    assert path.read_text(encoding="utf-8") == render(Material(execution, {}, {}, {}, {}))
    assert [file.name for file in path.parent.iterdir()] == ["run.html"]


def test_a_report_replaces_the_one_before(s3: ObjectReader, tmp_path: Path) -> None:
    path = tmp_path / "run.html"
    path.write_text("old")
    write(s3, examples.execution(), path)
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_failure_leaves_the_old_report_and_nothing_else(
    s3: ObjectReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "reports" / "run.html"
    path.parent.mkdir()
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(s3, examples.execution(), path)
    assert path.read_text() == "old"
    assert [file.name for file in path.parent.iterdir()] == ["run.html"]
