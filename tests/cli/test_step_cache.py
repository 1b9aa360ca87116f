"""The choice of the step cache: a tag on the pipeline for the moment of a start."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.session import Session, open_session
from cli.step_cache import TAG, chosen_cache
from tests.support.pipelines import ROLE, definition, fail

PIPELINE = "Small"


@pytest.fixture
def session(tmp_path: Path) -> Session:
    made = open_session(tmp_path)
    made.sagemaker.create_pipeline(
        PipelineName=PIPELINE,
        PipelineDefinition=json.dumps(definition(fail("No", "No."))),
        RoleArn=ROLE,
        ClientRequestToken="t" * 32,
    )
    return made


def arn(session: Session) -> str:
    return session.sagemaker.describe_pipeline(PipelineName=PIPELINE)["PipelineArn"]


def tags(session: Session) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in session.sagemaker.list_tags(ResourceArn=arn(session))["Tags"]}


def test_the_tag_is_there_while_an_execution_is_started_and_gone_afterwards(session: Session) -> None:
    with chosen_cache(session, PIPELINE, "service"):
        assert tags(session) == {TAG: "service"}
    assert tags(session) == {}


def test_the_pipelines_own_choice_comes_back_even_after_an_error(session: Session) -> None:
    session.sagemaker.add_tags(ResourceArn=arn(session), Tags=[{"Key": TAG, "Value": "service"}])
    seen: dict[str, str] = {}

    def refused() -> None:
        with chosen_cache(session, PIPELINE, "content"):
            seen.update(tags(session))
            raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        refused()
    assert seen == {TAG: "content"}
    assert tags(session) == {TAG: "service"}


@pytest.mark.parametrize("wanted", [None, "service"])
def test_what_is_chosen_already_is_left_alone(session: Session, wanted: str | None) -> None:
    session.sagemaker.add_tags(ResourceArn=arn(session), Tags=[{"Key": TAG, "Value": "service"}])
    with chosen_cache(session, PIPELINE, wanted):
        assert tags(session) == {TAG: "service"}
    assert tags(session) == {TAG: "service"}
