"""Runs processing jobs: inputs in, the program, outputs out."""

from __future__ import annotations

import json
import shutil
import time
from functools import partial
from pathlib import Path
from typing import Any

from local.jobs.container import MAX_REASON, ContainerRunner
from local.jobs.environment import search_path
from local.jobs.gathering import gather
from local.jobs.hosts import host_problems, resource_config, share
from local.jobs.images import read_image
from local.jobs.inputs import beside, deliver
from local.jobs.interface import JobState, Request
from local.jobs.job import INSIDE, Command, Job
from local.jobs.leftovers import note_publishing
from local.jobs.log import explain_exit, note
from local.jobs.manifests import MANIFEST, deliver_manifest
from local.jobs.messages import read_message
from local.jobs.own_images import environment_of
from local.jobs.programs import find_program
from local.jobs.records import store_job, taken_over
from local.jobs.requests import is_open, items, member, texts
from local.store.names import arn
from local.store.objects import split_uri
from local.store.trees import regular_files

_SHOWN = (
    "ProcessingInputs",
    "ProcessingOutputConfig",
    "ProcessingResources",
    "StoppingCondition",
    "AppSpecification",
    "Environment",
    "NetworkConfig",
    "RoleArn",
    "ExperimentConfig",
)
_FOLDER = f"{INSIDE}/processing"


class ProcessingRunner(ContainerRunner):
    """Runs ProcessingJobs."""

    kind = "ProcessingJob"

    def validate(self, request: Request) -> list[str]:
        """Name everything in a request that cannot run here."""
        found = host_problems(member(request, "ProcessingResources", "ClusterConfig"))
        for entry in items(request, "ProcessingInputs"):
            found += [f"input {entry.get('InputName')!r} {problem}" for problem in _input_problems(entry)]
        for entry in items(request, "ProcessingOutputConfig", "Outputs"):
            found += [f"output {entry.get('OutputName')!r} {problem}" for problem in _output_problems(entry)]
        return found + _program_problems(request)

    def prepare(self, job: Job) -> Command:
        """Bring the inputs, make the outputs' folders and the configuration files."""
        for folder in ("config", "output", "processing"):
            (job.root / folder).mkdir(parents=True, exist_ok=True)
        for entry in items(job.request, "ProcessingInputs"):
            self._deliver(job, entry)
        for entry in items(job.request, "ProcessingOutputConfig", "Outputs"):
            job.place(entry["S3Output"]["LocalPath"]).mkdir(parents=True, exist_ok=True)
        self._configure(job)
        specification = job.request["AppSpecification"]
        argv = [*specification["ContainerEntrypoint"], *specification.get("ContainerArguments", [])]
        own = environment_of(read_image(str(specification.get("ImageUri") or "")))
        environment = {"SM_OUTPUT_DIR": f"{INSIDE}/output", **own, **job.request.get("Environment", {})}
        return Command([str(word) for word in argv], environment, "/")

    def finish(self, job: Job, code: int) -> JobState:
        """Put the outputs in place when the program succeeded."""
        if code != 0:
            culprit = job.culprit
            reason = read_message(culprit.root / "output" / "message")
            reason = reason or explain_exit(code, culprit.context.log, culprit.log_offset)
            return JobState("Failed", culprit.signed(reason), code)
        entries = [entry["S3Output"] for entry in items(job.request, "ProcessingOutputConfig", "Outputs")]
        for entry in entries:
            gather(job, entry["LocalPath"])
        sources = self._sources(job, [entry["LocalPath"] for entry in entries])
        targets = [split_uri(entry["S3Uri"].rstrip("/")) for entry in entries]
        outputs = [(source, *target) for source, target in zip(sources, targets, strict=True) if source.is_dir()]
        note_publishing(
            job.folder,
            [f"s3://{bucket}/{prefix}/{name}" for source, bucket, prefix in outputs for name in regular_files(source)],
        )
        for source, bucket, prefix in outputs:
            job.context.store.objects.adopt_tree(bucket, prefix, source)
        for entry in items(job.request, "ProcessingOutputConfig", "Outputs"):
            job.outputs[entry["OutputName"]] = entry["S3Output"]["S3Uri"]
        return JobState("Completed", read_message(job.root / "output" / "message"), code)

    def body(self, job: Job) -> dict[str, Any]:
        """Return the DescribeProcessingJob response."""
        status = "InProgress" if job.state.status == "Starting" else job.state.status
        body = {
            "ProcessingJobName": job.context.name,
            "ProcessingJobArn": arn(f"processing-job/{job.context.name}"),
            "ProcessingJobStatus": status,
            "CreationTime": job.created,
            "LastModifiedTime": time.time(),
            **taken_over(job.request, _SHOWN),
        }
        if job.started is not None:
            body["ProcessingStartTime"] = job.started
        if job.state.has_ended:
            body["ProcessingEndTime"] = job.ended
            if job.state.reason:
                body["FailureReason" if status == "Failed" else "ExitMessage"] = job.state.reason[:MAX_REASON]
        return body

    def record(self, job: Job, *, changed: bool) -> None:
        """Store the Describe response, and an event where the status changed."""
        store_job(job.context.store, self.kind, job.context.name, self.body(job), event=changed)

    @staticmethod
    def _deliver(job: Job, entry: Any) -> None:
        uri, what = entry["S3Input"]["S3Uri"], f"Input {entry['InputName']!r}"
        objects = job.context.store.objects
        mine: Any = partial(share, source=entry["S3Input"], hosts=job.hosts, current=job.host)
        if entry["S3Input"].get("S3DataType") == MANIFEST:
            deliver_manifest(objects, uri, job.place(entry["S3Input"]["LocalPath"]), what, mine)
            return
        deliver(objects, uri, job.place(entry["S3Input"]["LocalPath"]), what, mine)
        if others := beside(objects, uri):
            note(job.context.log, f"{what}: the service would also deliver {', '.join(others[:3])}; end {uri} with /.")

    @staticmethod
    def _sources(job: Job, paths: list[str]) -> list[Path]:
        """Return each output's folder; of one that lies in another output's folder, a copy, since folders are moved."""
        found = []
        for index, path in enumerate(paths):
            others = paths[:index] + paths[index + 1 :]
            source = job.place(path)
            if any(source.is_relative_to(job.place(other)) for other in others) and source.is_dir():
                copied = job.folder / f"output-{index}"
                shutil.copytree(source, copied, symlinks=True)
                source = copied
            found.append(source)
        return found

    @staticmethod
    def _configure(job: Job) -> None:
        shown = {name: value for name, value in job.request.items() if name != "Tags"}
        job_config = {"ProcessingJobArn": arn(f"processing-job/{job.context.name}"), **shown}
        job_config["ProcessingJobName"] = job.context.name
        resources = resource_config(job.hosts, job.host)
        for name, content in (("processingjobconfig", job_config), ("resourceconfig", resources)):
            text = job.context.sandbox.translate(json.dumps(content), job.mounts)
            (job.root / "config" / f"{name}.json").write_text(text, encoding="utf-8")


def _input_problems(entry: Any) -> list[str]:
    if "S3Input" not in entry:
        return ["has no S3Input; the laptop reads no data sets of Athena or Redshift."]
    source, found = entry["S3Input"], []
    if source.get("S3DataType", "S3Prefix") not in ("S3Prefix", MANIFEST) and not is_open(source.get("S3DataType")):
        found.append(f"has the S3DataType {source['S3DataType']}; the laptop reads S3Prefix and {MANIFEST}.")
    if source.get("S3InputMode", "File") != "File" and not is_open(source.get("S3InputMode")):
        found.append(f"has the S3InputMode {source['S3InputMode']}; the laptop delivers in File mode.")
    if source.get("S3CompressionType", "None") != "None" and not is_open(source.get("S3CompressionType")):
        found.append("is to be unpacked on delivery (S3CompressionType), which only Pipe mode does.")
    return found + _local_path_problems(source.get("LocalPath"))


def _output_problems(entry: Any) -> list[str]:
    if entry.get("AppManaged") is True or "S3Output" not in entry:
        return ["goes to a feature store, which the laptop does not have."]
    return _local_path_problems(entry["S3Output"].get("LocalPath"))


def _local_path_problems(path: Any) -> list[str]:
    if is_open(path):
        return []
    inside = isinstance(path, str) and f"{path}/".startswith(f"{_FOLDER}/") and ".." not in Path(path).parts
    return [] if inside else [f"has the LocalPath {path!r}, which must lie below {_FOLDER}."]


def _program_problems(request: Request) -> list[str]:
    entrypoint = texts(member(request, "AppSpecification", "ContainerEntrypoint"))
    if not entrypoint:
        return ["has no ContainerEntrypoint: what its image would run is not on the laptop."]
    program = entrypoint[0]
    if program and not program.startswith(INSIDE) and find_program(program, search_path()) is None:
        return [f"runs the program {program}, which is not on this machine."]
    return []
