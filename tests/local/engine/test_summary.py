from __future__ import annotations

from local.engine import summary
from local.store.executions import new_execution
from local.store.names import execution_arn


def test_an_execution_record_lies_where_its_arn_leads() -> None:
    arn = execution_arn("MyPipeline", "first0000000")
    execution = new_execution(
        arn=arn,
        execution_id="first0000000",
        pipeline="MyPipeline",
        token="",
        definition="{}",
        parameters={},
        body={},
        now=0.0,
    )

    _, pipeline, _, identifier = arn.split(":", 5)[-1].split("/")
    assert summary.key(execution) == f"{pipeline}/{identifier}/execution.json"
