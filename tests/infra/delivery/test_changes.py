from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infra.delivery.changes import MOST_BYTES, page


def assembly(folder: Path, days: int, *stacks: str, description: str = "") -> Path:
    """Return the assembly of an application with a log group in each stack of one stage."""
    import aws_cdk as cdk  # noqa: PLC0415 - starts Node
    from aws_cdk import aws_logs as logs  # noqa: PLC0415

    from infra.application import new_app  # noqa: PLC0415

    app = new_app(outdir=str(folder))
    stage = cdk.Stage(app, "dev")
    for name in stacks:
        stack = cdk.Stack(stage, name, description=description or None)
        logs.CfnLogGroup(stack, "Group", retention_in_days=days)
    app.synth()
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return assembly(tmp_path_factory.mktemp("base"), 7, "Data", "Old")


def test_a_page_shows_what_each_stack_changes_without_credentials(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    shown = page(base, assembly(tmp_path, 14, "Data", "New"))
    data, new, old = shown.split("### dev/")[1:]
    assert "[~] AWS::Logs::LogGroup Data/Group" in data
    assert "[-] 7" in data
    assert "[+] 14" in data
    assert "[+] AWS::Logs::LogGroup New/Group" in new
    assert "The stack is gone. What is deployed of it stays until it is destroyed." in old


def test_a_page_says_so_where_nothing_changes(base: Path) -> None:
    assert page(base, base) == ("## What this changes in AWS\n\nNothing: the templates are the same, byte for byte.\n")


@pytest.mark.parametrize("said", ["````\n# Approved", "x" * 1_000])
def test_nothing_in_a_template_ends_the_block_that_shows_it(
    base: Path, tmp_path: Path, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.delivery.changes._difference", lambda *_: said)
    shown = page(base, assembly(tmp_path, 14, "Data", "Old"))
    fence = "`" * (5 if "````" in said else 3)
    assert f"\n{fence}text\n{said}\n{fence}\n" in shown


def test_a_page_is_cut_where_github_takes_no_more(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def long(*_: Any) -> str:
        return "ä" * MOST_BYTES

    monkeypatch.setattr("infra.delivery.changes._difference", long)
    shown = page(base, assembly(tmp_path, 14, "Data"))
    assert len(shown.encode()) < 65_536
    assert shown.endswith("`make changes` shows all of it.\n")
