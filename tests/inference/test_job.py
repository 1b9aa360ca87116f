from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from inference.job import MESSAGE_LIMIT, JobError, fail, run


def _mistake(argv: Sequence[str]) -> None:
    raise JobError("the input is empty.")


@pytest.mark.parametrize(("training", "name"), [(False, "message"), (True, "failure")])
def test_fail_writes_the_reason_where_the_service_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], training: bool, name: str
) -> None:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path / "output"))
    with pytest.raises(SystemExit) as stopped:
        fail("Train: no rows.", training=training)
    assert stopped.value.code == 1
    assert (tmp_path / "output" / name).read_text() == "Train: no rows."
    assert capsys.readouterr().err == "Train: no rows.\n"


def test_a_long_reason_is_cut_to_what_the_service_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path))
    with pytest.raises(SystemExit):
        fail("x" * 5000, training=False)
    assert len((tmp_path / "message").read_text()) == MESSAGE_LIMIT


def test_run_names_the_step_before_the_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path))
    monkeypatch.delenv("SM_MODEL_DIR", raising=False)
    with pytest.raises(SystemExit):
        run("Prepare", [], _mistake)
    assert (tmp_path / "message").read_text() == "Prepare: the input is empty."


def test_fail_still_exits_when_the_folder_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("SM_OUTPUT_DIR", str(blocked / "below"))
    with pytest.raises(SystemExit):
        fail("Train: no rows.", training=True)
