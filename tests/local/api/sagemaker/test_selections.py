"""Selective execution and the choice of the cache through the API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.store.store import Store
from tests.local.api.conftest import ROLE
from tests.local.api.sagemaker.following import ended
from tests.support.pipelines import condition, definition

TRUE = {"Type": "Equals", "LeftValue": 1, "RightValue": 1}


@pytest.fixture
def gates(sagemaker: Any) -> str:
    text = json.dumps(
        definition(condition("First", TRUE, [], []), condition("Second", TRUE, [], [], DependsOn=["First"]))
    )
    sagemaker.create_pipeline(PipelineName="Gates", PipelineDefinition=text, RoleArn=ROLE, ClientRequestToken="t" * 32)
    return "Gates"


def start(sagemaker: Any, name: str, **config: Any) -> str:
    return str(sagemaker.start_pipeline_execution(PipelineName=name, **config)["PipelineExecutionArn"])


def test_the_latest_execution_is_the_reference_where_none_is_given(sagemaker: Any, gates: str, refused: Any) -> None:
    config = {"SelectedSteps": [{"StepName": "Second"}]}
    code, message = refused(sagemaker.start_pipeline_execution, PipelineName=gates, SelectiveExecutionConfig=config)
    assert code == "ValidationException"
    assert "Second needs what First gives, and there is no execution to take it from" in message
    first = start(sagemaker, gates)
    ended(sagemaker, first)

    second = start(sagemaker, gates, SelectiveExecutionConfig=config)
    ended(sagemaker, second)

    described = sagemaker.describe_pipeline_execution(PipelineExecutionArn=second)
    assert described["SelectiveExecutionConfig"] == {"SourcePipelineExecutionArn": first, **config}
    found = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=second)["PipelineExecutionSteps"]
    reused = {step["StepName"]: step.get("SelectiveExecutionResult") for step in found}
    assert reused == {"First": {"SourcePipelineExecutionArn": first}, "Second": None}


def test_the_cache_is_chosen_by_tag(sagemaker: Any, gates: str, store: Store, refused: Any) -> None:
    def chosen() -> Any:
        arn = start(sagemaker, gates)
        ended(sagemaker, arn)
        found = store.executions.get(arn)
        assert found is not None
        return found.body["CacheSemantics"]

    pipeline = sagemaker.describe_pipeline(PipelineName=gates)["PipelineArn"]
    assert chosen() == "content"
    sagemaker.add_tags(ResourceArn=pipeline, Tags=[{"Key": "sageline:cache", "Value": "service"}])
    assert chosen() == "service"
    sagemaker.add_tags(ResourceArn=pipeline, Tags=[{"Key": "sageline:cache", "Value": "bytes"}])
    assert "sageline:cache is 'bytes': write" in refused(sagemaker.start_pipeline_execution, PipelineName=gates)[1]
