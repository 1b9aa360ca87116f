"""What endpoints do beside answering costs those who ask: a request to a small script's endpoint, through boto3.

The same model behind four endpoints of one home: plain, with everything captured, with a shadow variant, with both.
    python -m benchmarks.endpoints
"""

from __future__ import annotations

import io
import statistics
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.timing import machine, side_by_side, table
from local.client import client
from local.hosting.pool import pool_of
from local.hosting.recording import recorder_of
from local.store.home import Home
from local.store.store import Store

REQUESTS = 400
ROLE = "arn:aws:iam::000000000000:role/models"
IMAGE = "000000000000.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3"
SCRIPT = "def model_fn(d):\n    pass\n\n\ndef transform_fn(model, body, kind, accept):\n    return body, 'text/csv'\n"
ROW = b",".join(b"%d.25" % number for number in range(40))
CAPTURE: dict[str, Any] = {
    "InitialSamplingPercentage": 100,
    "DestinationS3Uri": "s3://captured/all",
    "CaptureOptions": [{"CaptureMode": "InputAndOutput"}],
    "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"]},
}


def main(runs: int = 5) -> str:
    """Measure and return the table: what a thousand requests take by the median, which a busy machine moves least."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        sagemaker, runtime = client("sagemaker", home), client("sagemaker-runtime", home)
        client("s3", home).put_object(Bucket="models", Key="model.tar.gz", Body=_archive())
        environment = {"SAGEMAKER_PROGRAM": "serve.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"}
        container: Any = {"Image": IMAGE, "ModelDataUrl": "s3://models/model.tar.gz", "Environment": environment}
        sagemaker.create_model(ModelName="model", ExecutionRoleArn=ROLE, PrimaryContainer=container)
        shadow = {"ShadowProductionVariants": [_variant("Shadow")]}
        capture = {"DataCaptureConfig": CAPTURE}
        kinds: dict[str, Any] = {"captured": capture, "shadowed": shadow, "both": {**capture, **shadow}, "plain": {}}
        for name, more in kinds.items():
            sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[_variant("Live")], **more)
            sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
            sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=name, WaiterConfig={"Delay": 1})

        def ask(name: str) -> float:
            took = []
            for _ in range(REQUESTS):
                started = time.perf_counter()
                runtime.invoke_endpoint(EndpointName=name, ContentType="text/csv", Body=ROW)
                took.append(time.perf_counter() - started)
            return statistics.median(took) * 1000

        names = {"captured": "everything captured", "shadowed": "a shadow of everything", "both": "both"}
        contenders = {shown: lambda name=name: ask(name) for name, shown in {**names, "plain": "plain"}.items()}
        found = side_by_side(contenders, runs=runs)
        store = Store(Home(home))
        recorder_of(store).close()
        pool_of(store).stop()
    return "\n".join([machine(), table("1,000 requests to an endpoint, by the median of one after another", found)])


def _variant(name: str) -> Any:
    return {"VariantName": name, "ModelName": "model", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}


def _archive() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as opened:
        member = tarfile.TarInfo("code/serve.py")
        member.size = len(SCRIPT)
        opened.addfile(member, io.BytesIO(SCRIPT.encode()))
    return packed.getvalue()


if __name__ == "__main__":
    print(main())
