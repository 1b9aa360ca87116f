"""A loop's children as ListPipelineExecutionSteps shows them."""

from __future__ import annotations

import json
from typing import Any

from tests.local.api.conftest import ROLE
from tests.local.api.sagemaker.following import ended
from tests.support.pipelines import definition, processing


def test_children_say_which_iteration_they_are(sagemaker: Any) -> None:
    body = [processing("Note", "pass")]
    arguments = {"IterableItems": ["a", "b"], "MaxConcurrency": 2, "ForEachBody": body}
    text = json.dumps(definition({"Name": "Each", "Type": "ForEach", "Arguments": arguments}))
    sagemaker.create_pipeline(PipelineName="Loop", PipelineDefinition=text, RoleArn=ROLE, ClientRequestToken="t" * 32)
    arn = sagemaker.start_pipeline_execution(PipelineName="Loop")["PipelineExecutionArn"]
    ended(sagemaker, arn)

    found = {
        step["StepName"]: step
        for step in sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)["PipelineExecutionSteps"]
    }

    assert found["Note-1"]["IterationContext"] == {"ParentStepName": "Each", "Index": 1}
    counts = found["Each"]["Metadata"]["ForEach"]
    assert (counts["Status"], counts["InputItemCount"], counts["SucceededStepCount"]) == ("Succeeded", 2, 2)
    assert "IterationContext" not in found["Each"]
