"""A model of three containers in series, from a definition that the SDK builds: by an endpoint and in batch."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.client import client
from pipeline.offline import offline, pipeline_session
from tests.support.models import FOREIGN, HELPER, ROLE, SCRIPT_MODE, SKLEARN, archive
from tests.support.pipelines import BUCKET, Lab

# Rows of CSV to scaled numbers, as this project's features might be made by somebody else's container.
PREPARE = """
import json


def model_fn(model_dir):
    return None


def transform_fn(model, body, content_type, accept):
    if content_type != "text/csv":
        raise ValueError("send CSV")
    rows = [[float(cell) / 10 for cell in line.split(",")] for line in body.splitlines()]
    return json.dumps({"instances": rows}), "application/json"
"""
DECIDE = """
import json


class Unacceptable(Exception):
    status = 406


def model_fn(model_dir):
    return None


def transform_fn(model, body, content_type, accept):
    if accept != "text/csv":
        raise Unacceptable("only text/csv")
    labels = ["high" if score > 1 else "low" for score in json.loads(body)["predictions"]]
    return "".join(label + "\\n" for label in labels), "text/csv"
"""
CONTAINERS = {
    "prepare": {"code__inference.py": PREPARE},
    "predict": {"code__inference.py": FOREIGN, "code__helper.py": HELPER, "weights.json": "[1, 2]"},
    "decide": {"code__inference.py": DECIDE},
}


def definition(data: dict[str, str]) -> dict[str, Any]:
    """The SDK's definition of a model of those archives, an endpoint of it, and a table scored by it."""
    with offline("us-east-1"):
        from sagemaker.core.helper.session_helper import container_def, production_variant  # noqa: PLC0415
        from sagemaker.core.transformer import Transformer  # noqa: PLC0415
        from sagemaker.mlops.workflow.endpoint_step import EndpointConfigStep, EndpointStep  # noqa: PLC0415
        from sagemaker.mlops.workflow.pipeline import Pipeline  # noqa: PLC0415
        from sagemaker.mlops.workflow.steps import StepTypeEnum, TransformStep  # noqa: PLC0415

        from pipeline.request_step import RequestStep  # noqa: PLC0415

        session = pipeline_session("us-east-1", BUCKET)
        containers = [
            {**container_def(SKLEARN, uri, SCRIPT_MODE), "ContainerHostname": name} for name, uri in data.items()
        ]
        # The SDK's own step takes what ModelBuilder makes, which since version 3 is of one container.
        request = {"ExecutionRoleArn": ROLE, "Containers": containers}
        made = RequestStep(
            "Model", StepTypeEnum.CREATE_MODEL, "DescribeModelOutput", request, display_name="", description=""
        )
        name = made.properties.ModelName
        config = EndpointConfigStep(
            "Config",
            session.create_endpoint_config("series", [production_variant(name, "ml.m5.large", 1)]),
        )
        endpoint = EndpointStep(
            "Endpoint", session.create_endpoint("series", config.properties.EndpointConfigName, wait=False)
        )
        transformer = Transformer(
            name, 1, "ml.m5.large", "MultiRecord", "Line", f"s3://{BUCKET}/out", accept="text/csv",
            sagemaker_session=session,
        )  # fmt: skip
        batch = TransformStep(
            "Batch", transformer.transform(f"s3://{BUCKET}/rows.csv", content_type="text/csv", split_type="Line")
        )
        steps = [made, config, endpoint, batch]
        found: dict[str, Any] = json.loads(Pipeline("series", steps=steps, sagemaker_session=session).definition())
    return found


def test_the_containers_run_in_series_behind_an_endpoint_and_in_batch(lab: Lab) -> None:
    data = {name: lab.put(f"{name}.tar.gz", archive(**files)) for name, files in CONTAINERS.items()}
    lab.put("rows.csv", "10,20\n1,1\n")
    ended = lab.run(definition(data))
    assert set(ended.statuses.values()) == {"Succeeded"}, [each.reason for each in ended.steps.values()]
    runtime = client("sagemaker-runtime", lab.store.home.root)

    def ask(accept: str) -> bytes:
        given: Any = {"EndpointName": "series", "ContentType": "text/csv", "Accept": accept, "Body": b"10,20\n1,1\n"}
        return bytes(runtime.invoke_endpoint(**given)["Body"].read())

    assert ask("text/csv") == b"high\nlow\n"
    with lab.store.objects.open(BUCKET, "out/rows.csv.out") as file:
        assert file.read() == b"high\nlow\n"
    with pytest.raises(runtime.exceptions.ModelError) as caught:
        ask("application/json")
    assert "Received client error (406) from decide" in str(caught.value)
