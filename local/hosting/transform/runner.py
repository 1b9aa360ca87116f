"""Runs transform jobs: a program of their own that starts the model's workers, its outputs put in place at the end."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from local.hosting.transform.validation import problems
from local.jobs.container import MAX_REASON, ContainerRunner
from local.jobs.errors import JobError
from local.jobs.interface import Handle, JobContext, JobState, Request
from local.jobs.job import Command, Job
from local.jobs.leftovers import note_publishing
from local.jobs.log import explain_exit
from local.jobs.messages import read_message
from local.jobs.own_images import VARIABLE, images_folder
from local.jobs.records import store_job, taken_over
from local.jobs.rewriting import RewritingSandbox
from local.store.names import arn
from local.store.objects import split_uri
from local.store.trees import regular_files

_ROOT = Path(__file__).resolve().parents[3]
_START = (
    f"import sys;sys.path.append({str(_ROOT)!r});"
    "from local.hosting.transform.__main__ import main;sys.exit(main(sys.argv[1:]))"
)
_SHOWN = (
    "ModelName",
    "MaxConcurrentTransforms",
    "ModelClientConfig",
    "MaxPayloadInMB",
    "BatchStrategy",
    "Environment",
    "TransformInput",
    "TransformOutput",
    "DataCaptureConfig",
    "TransformResources",
    "DataProcessing",
    "ExperimentConfig",
)


class TransformRunner(ContainerRunner):
    """Runs TransformJobs."""

    kind = "TransformJob"

    def validate(self, request: Request) -> list[str]:
        """Name everything in a request that cannot run here."""
        return problems(request)

    def start(self, request: Request, context: JobContext) -> Handle:
        """Start the job. Its program is the project's own: the container's paths are there for the workers alone."""
        return super().start(request, replace(context, sandbox=RewritingSandbox()))

    def prepare(self, job: Job) -> Command:
        """Find the inputs and write down what the program is to do."""
        uri = job.request["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"]
        objects = job.context.store.objects
        found = objects.select(uri)
        if not found:
            message = f"There is no input at {uri}."
            raise JobError(message)
        bucket, _ = split_uri(uri)
        content = {
            "home": str(job.context.store.home.root),
            "log": str(job.context.log),
            "request": {name: value for name, value in job.request.items() if name != "Tags"},
            "inputs": [[name, str(objects.path(bucket, info.key))] for name, info in found],
        }
        job.root.mkdir(parents=True, exist_ok=True)
        (job.folder / "output").mkdir(exist_ok=True)
        (job.folder / "transform.json").write_text(json.dumps(content), encoding="utf-8")
        # The workers that the program starts look for their images' environments.
        images = images_folder()
        own = {} if images is None else {VARIABLE: str(images)}
        return Command(["python3", "-c", _START, str(job.folder)], own)

    def finish(self, job: Job, code: int) -> JobState:
        """Put the outputs in place when all inputs were transformed."""
        if code != 0:
            reason = read_message(job.folder / "failure")
            return JobState("Failed", reason or explain_exit(code, job.context.log, job.log_offset), code)
        uri = job.request["TransformOutput"]["S3OutputPath"]
        bucket, prefix = split_uri(uri.rstrip("/"))
        names = regular_files(job.folder / "output")
        note_publishing(job.folder, [f"s3://{bucket}/{prefix}/{name}" for name in names])
        job.context.store.objects.adopt_tree(bucket, prefix, job.folder / "output")
        job.outputs["transform"] = uri
        return JobState("Completed", None, code)

    def body(self, job: Job) -> dict[str, Any]:
        """Return the DescribeTransformJob response."""
        status = "InProgress" if job.state.status == "Starting" else job.state.status
        body: dict[str, Any] = {
            "TransformJobName": job.context.name,
            "TransformJobArn": arn(f"transform-job/{job.context.name}"),
            "TransformJobStatus": status,
            "CreationTime": job.created,
            "LastModifiedTime": time.time(),
            **taken_over(job.request, _SHOWN),
        }
        if job.started is not None:
            body["TransformStartTime"] = job.started
        if job.state.has_ended:
            body["TransformEndTime"] = job.ended
            if status == "Failed":
                body["FailureReason"] = (job.state.reason or "")[:MAX_REASON]
        return body

    def record(self, job: Job, *, changed: bool) -> None:
        """Store the Describe response, and an event where the status changed."""
        store_job(job.context.store, self.kind, job.context.name, self.body(job), event=changed)
