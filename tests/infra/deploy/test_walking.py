"""The walk of docs/delivery.md by hand: deployed by make, looked at and decided on by commands, with whose rights."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.infra.deploy.deployed import Deployed
from tests.infra.deploy.test_identity import statements
from tests.infra.deploy.trying import Try
from tests.support.authorised import unused
from tests.support.command import ROOT, SAGELINE
from tests.support.iam import ALLOWED, Call, decision
from tests.support.moto.make import make


@pytest.fixture(scope="module")
def delivering(delivered: Deployed) -> list[Any]:
    """What GitHub's role may do."""
    return statements(delivered, delivered.one("delivery", "AWS::IAM::Role", "GitHub"))


@pytest.fixture(scope="module")
def developing(deployed: Deployed) -> list[Any]:
    """What a data scientist's notebook may do."""
    return statements(deployed, deployed.one("identity", "AWS::IAM::Role", "NotebookRole"))


def by_hand(tried: Try, *words: str) -> tuple[str, list[Call]]:
    """Run a command to its end; return what it said, and what IAM is asked for it."""
    before = len(tried.calls())
    said = tried.run(*SAGELINE, *words, "--env", "dev")
    return said.strip(), tried.calls()[before:]


def refused(granted: list[Any], calls: list[Call]) -> list[Call]:
    return [call for call in calls if decision(granted, call) != ALLOWED]


def test_a_second_deployment_by_hand_reports_no_changes(deployed: Deployed) -> None:
    output = make(deployed.server, deployed.folder, "deploy", "ENVIRONMENT=dev").succeeded().output
    assert output.count("(no changes)") == len(deployed.templates)


def test_a_notebook_may_make_every_call_of_a_try(developing: list[Any], tried: Try) -> None:
    assert refused(developing, tried.calls()) == []


def test_the_report_of_an_execution_takes_the_rights_of_a_notebook_and_by_its_arn_those_of_delivery(
    delivering: list[Any], developing: list[Any], tried: Try, tmp_path: Path
) -> None:
    asked = [each.given for each in tried.wire.asked if each.operation == "DescribePipelineExecution"]
    file = tmp_path / "report.html"
    said, calls = by_hand(tried, "report", asked[0]["PipelineExecutionArn"], "-o", str(file))
    assert said == str(file)
    assert "breast" in file.read_text("utf-8").lower()
    assert refused(delivering, calls) == refused(developing, calls) == []
    _, calls = by_hand(tried, "report", "latest", "-o", str(file))
    assert refused(developing, calls) == []


def test_a_version_is_approved_by_the_command_that_people_are_told_and_by_nobody_who_runs_pipelines(
    delivering: list[Any], developing: list[Any], tried: Try
) -> None:
    _, looked = by_hand(tried, "models")
    listed, calls = by_hand(tried, "models", "breast_cancer", "--json")
    assert refused(developing, [*looked, *calls]) == []
    version = json.loads(listed)[0]
    assert version["approval"] == "PendingManualApproval"

    said, approved = by_hand(tried, "approve", version["model_package"])
    assert said == f"{version['name']}: approved"
    for role in (developing, delivering):
        assert {call.action for call in refused(role, approved)} == {"sagemaker:UpdateModelPackage"}

    said, rejected = by_hand(tried, "reject", "breast_cancer/1", "--comment", "only tried")
    assert said == f"{version['name']}: rejected"
    deciding = deciders(tried.deployed)
    assert refused(deciding, [*calls, *approved, *rejected]) == []
    assert unused(deciding, [*approved, *rejected]) == set()


def deciders(deployed: Deployed) -> list[Any]:
    """What docs/stacks/approvals.md gives to whoever decides, with this account's place in it."""
    text = (ROOT / "docs" / "stacks" / "approvals.md").read_text("utf-8")
    (document,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    place = document.replace("eu-west-1", deployed.server.region).replace("111122223333", deployed.server.account)
    found: list[Any] = json.loads(place)["Statement"]
    return found
