"""Runs training jobs: channels in, the program, the model archive out."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from local.jobs import training_program
from local.jobs.checkpoints import CheckpointSync, local_path
from local.jobs.container import MAX_REASON, ContainerRunner
from local.jobs.gathering import gather
from local.jobs.hosts import resource_config, share
from local.jobs.inputs import beside, deliver
from local.jobs.interface import JobState
from local.jobs.job import INSIDE, Command, Job
from local.jobs.leftovers import note_publishing
from local.jobs.log import explain_exit, note
from local.jobs.messages import read_message
from local.jobs.metrics import MetricScraper
from local.jobs.records import store_job
from local.jobs.requests import items, member
from local.jobs.training_description import describe, model_uri, output_uri
from local.jobs.training_validation import validate
from local.store.names import arn
from local.store.objects import split_uri
from local.store.trees import regular_files


class TrainingRunner(ContainerRunner):
    """Runs TrainingJobs."""

    kind = "TrainingJob"

    def __init__(self) -> None:
        super().__init__()
        self._scrapers: dict[str, MetricScraper] = {}
        self._checkpoints: dict[str, CheckpointSync] = {}

    def validate(self, request: Mapping[str, Any]) -> list[str]:
        """Name everything in a request that cannot run here."""
        return validate(request)

    def prepare(self, job: Job) -> Command:
        """Bring the channels and the code, write the configuration files."""
        for folder in ("input/config", "input/data", "model", "output/data", "code"):
            (job.root / folder).mkdir(parents=True, exist_ok=True)
        channels = {entry["ChannelName"]: _channel_config(entry) for entry in items(job.request, "InputDataConfig")}
        for entry in items(job.request, "InputDataConfig"):
            self._deliver(job, entry)
        self._fetch_checkpoints(job)
        resources = resource_config(job.hosts, job.host)
        hyperparameters = {name: str(value) for name, value in job.request.get("HyperParameters", {}).items()}
        self._configure(job, hyperparameters, channels, resources)
        environment = {
            "TRAINING_JOB_NAME": job.context.name,
            "TRAINING_JOB_ARN": arn(f"training-job/{job.context.name}"),
            "SM_OUTPUT_DIR": f"{INSIDE}/output",
            **job.request.get("Environment", {}),
        }
        command = training_program.command(job, hyperparameters, channels, resources)
        return replace(command, environment={**environment, **command.environment})

    def running(self, job: Job) -> None:
        """Read metrics from the log, and keep the checkpoints; all of them once the program has ended."""
        if job.started is None:
            return
        sync = self._checkpoints.get(job.context.name)
        if sync is not None:
            sync.save_now_and_then(job.context.background) if job.ended is None else sync.save()
        scraper = self._scrapers.get(job.context.name)
        if scraper is None:
            definitions = training_program.metric_definitions(job.request)
            scraper = self._scrapers[job.context.name] = MetricScraper(definitions, job.context.log, job.log_offset)
        scraper.read((job.ended or time.time()) - job.started, last=job.ended is not None)
        job.metrics = scraper.series

    def finish(self, job: Job, code: int) -> JobState:
        """Pack and put in place the model, and what else the program put out."""
        gather(job, f"{INSIDE}/output/data")
        outputs = self._packed_data(job)
        if code != 0:
            self._publish(job, outputs)
            culprit = job.culprit
            reason = read_message(culprit.root / "output" / "failure")
            reason = reason or explain_exit(code, culprit.context.log, culprit.log_offset)
            return JobState("Failed", culprit.signed(reason), code)
        gather(job, f"{INSIDE}/model")
        outputs["model"] = (self._packed_model(job), model_uri(job.request, job.context.name))
        self._publish(job, outputs)
        return JobState("Completed", None, code)

    def body(self, job: Job) -> dict[str, Any]:
        """Return the DescribeTrainingJob response."""
        body = describe(job)
        if body["TrainingJobStatus"] == "Failed":
            body["FailureReason"] = (job.state.reason or "")[:MAX_REASON]
        return body

    def record(self, job: Job, *, changed: bool) -> None:
        """Store the Describe response, and an event where the status changed."""
        store_job(job.context.store, self.kind, job.context.name, self.body(job), event=changed)

    def _fetch_checkpoints(self, job: Job) -> None:
        path = local_path(job.request)
        if path is None or (not job.others and len(job.hosts) > 1):
            return  # The leading host fetches for all of them.
        folders = [each.place(path) for each in job.members]
        sync = CheckpointSync(job.context.store.objects, job.request["CheckpointConfig"]["S3Uri"], folders)
        if found := sync.fetch():
            note(job.context.log, f"{found} checkpoint files of an earlier job are in {path}.")
        self._checkpoints[job.context.name] = sync

    @staticmethod
    def _deliver(job: Job, entry: Mapping[str, Any]) -> None:
        source, what = entry["DataSource"]["S3DataSource"], f"Channel {entry['ChannelName']!r}"
        uri, objects = source["S3Uri"], job.context.store.objects
        mine = partial(share, source=source, hosts=job.hosts, current=job.host)
        deliver(objects, uri, job.root / "input" / "data" / entry["ChannelName"], what, mine)
        if others := beside(objects, uri):
            note(job.context.log, f"{what}: the service would also deliver {', '.join(others[:3])}; end {uri} with /.")

    @staticmethod
    def _configure(
        job: Job, hyperparameters: Mapping[str, str], channels: Mapping[str, Any], resources: Mapping[str, Any]
    ) -> None:
        contents = {"hyperparameters": hyperparameters, "inputdataconfig": channels, "resourceconfig": resources}
        for name, content in contents.items():
            text = job.context.sandbox.translate(json.dumps(content), job.mounts)
            (job.root / "input" / "config" / f"{name}.json").write_text(text, encoding="utf-8")

    @staticmethod
    def _packed_model(job: Job) -> Path:
        model = job.root / "model"
        if member(job.request, "OutputDataConfig", "CompressionType") == "NONE":
            return model
        if not regular_files(model):
            note(job.context.log, "The program saved nothing to its model folder; the model archive is empty.")
        archive = job.folder / "model.tar.gz"
        _pack(model, archive)
        return archive

    @staticmethod
    def _packed_data(job: Job) -> dict[str, tuple[Path, str]]:
        data = job.root / "output" / "data"
        if not data.is_dir() or not regular_files(data):
            return {}
        archive = job.folder / "output.tar.gz"
        _pack(data, archive)
        return {"output": (archive, output_uri(job.request, job.context.name))}

    @staticmethod
    def _publish(job: Job, outputs: Mapping[str, tuple[Path, str]]) -> None:
        planned: list[str] = []
        for source, uri in outputs.values():
            planned += [f"{uri}{name}" for name in regular_files(source)] if source.is_dir() else [uri]
        note_publishing(job.folder, planned)
        for name, (source, uri) in outputs.items():
            bucket, key = split_uri(uri)
            if source.is_dir():
                job.context.store.objects.adopt_tree(bucket, key, source)
            else:
                job.context.store.objects.adopt(bucket, key, source)
            job.outputs[name] = uri


def _pack(folder: Path, archive: Path) -> None:
    # Imported here, in the background: archives are no part of what an engine needs to start its first step.
    from local.jobs.archives import pack  # noqa: PLC0415

    pack(folder, archive)


def _channel_config(entry: Mapping[str, Any]) -> dict[str, str]:
    source = entry["DataSource"]["S3DataSource"]
    config = {
        "TrainingInputMode": entry.get("InputMode", "File"),
        "S3DistributionType": source.get("S3DataDistributionType", "FullyReplicated"),
        "RecordWrapperType": entry.get("RecordWrapperType", "None"),
    }
    return {**config, **({"ContentType": entry["ContentType"]} if "ContentType" in entry else {})}
