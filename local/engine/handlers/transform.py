"""Transform steps."""

from __future__ import annotations

from typing import Any

from local.engine.handlers.job import JobHandler
from local.engine.runtime import MODEL
from local.engine.task import StepTask
from local.hosting.containers import containers
from local.hosting.errors import HostingError
from local.hosting.transform.runner import TransformRunner


class TransformHandler(JobHandler):
    """Runs transform jobs, and knows their results by the content of their models."""

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the request with what is in its model."""
        request = super().arguments(task)
        try:
            found = containers(task.store, str(request.get("ModelName")))
        except HostingError:
            return request  # The job says so when it runs.
        content = [
            {"Image": each.image, "ModelDataUrl": each.data, "Environment": dict(each.environment)} for each in found
        ]
        return {**request, MODEL: content}


HANDLER = TransformHandler(
    "Transform",
    TransformRunner(),
    "transform-job",
    not_keyed=(
        "DataCaptureConfig",
        "ExperimentConfig",
        "ModelName",
        "Tags",
        "TransformJobName",
        "TransformOutput.KmsKeyId",
        "TransformOutput.S3OutputPath",
        "TransformResources.VolumeKmsKeyId",
    ),
)
