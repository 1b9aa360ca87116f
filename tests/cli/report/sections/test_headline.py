from __future__ import annotations

from typing import Any

import pytest

from cli.report.sections.headline import headline
from tests.cli.report import examples
from tests.cli.report.examples import Page, material


def commands(execution: dict[str, Any]) -> list[str]:
    return [line.removeprefix("  ") for line in said(execution).splitlines() if line.startswith("  sageline")]


def said(execution: dict[str, Any]) -> str:
    made = headline(material(execution=execution))
    return Page(made.replace("<code>", "\n  ").replace("</code>", "\n")).text


def test_a_registered_model_waits_for_approval_with_the_command_for_it() -> None:
    assert commands(examples.execution()) == ["sageline approve sageline-flowers/3"]
    assert "waits for approval" in said(examples.execution())


def test_an_approved_model_needs_nothing() -> None:
    approved = examples.execution(parameters={"ModelApprovalStatus": "Approved"})
    assert commands(approved) == []
    assert "is registered as sageline-flowers/3 and is approved." in said(approved)


def test_a_failed_step_is_named_with_reason_resume_and_log() -> None:
    failed = examples.failed_in_prepare("Prepare: the file is empty. Give it rows.")
    assert "Prepare : the file is empty. Give it rows." in " ".join(said(failed).split())
    assert "one or several steps failed" not in said(failed)
    assert commands(failed) == ["sageline resume 4b7c0e1f9d2a", "sageline logs 4b7c0e1f9d2a Prepare"]


def test_a_failure_without_a_failed_step_gives_its_own_reason() -> None:
    failed = examples.execution(status="Failed", failure_reason="The owner died.", steps=[])
    assert "The owner died." in said(failed)
    assert commands(failed) == ["sageline resume 4b7c0e1f9d2a"]


def test_a_model_that_the_gate_stopped_is_not_to_be_resumed() -> None:
    steps = examples.steps()
    steps[-1] = examples.step("Fail", "Fail", "Failed", reason="The quality gate stopped the model.")
    stopped = examples.execution(status="Failed", steps=steps, model_package=None)
    assert commands(stopped) == []
    assert "The quality gate stopped the model." in said(stopped)
    assert "nothing was registered" in said(stopped)


def test_a_stopped_execution_can_be_carried_on() -> None:
    stopped = examples.execution(status="Stopped", steps=[examples.step("Train", "Training", "Stopped")])
    assert commands(stopped) == ["sageline resume 4b7c0e1f9d2a"]


@pytest.mark.parametrize("status", ["Executing", "Stopping"])
def test_an_execution_that_is_not_over_says_so(status: str) -> None:
    assert commands(examples.execution(status=status)) == ["sageline show 4b7c0e1f9d2a"]


def test_facts_are_those_of_the_record() -> None:
    text = said(examples.execution())
    for fact in ("flowers", "4b7c0e1f9d2a", "2026-11-20 17:45:51 UTC", "6.4 s", "6 of 7 succeeded, 1 from the cache"):
        assert fact in text
