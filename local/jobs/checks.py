"""Runs the processing jobs of AWS's monitoring and Clarify images: a program of ours stands for what is inside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from local.jobs.builtin.checks import LOG_VARIABLE
from local.jobs.environment import search_path
from local.jobs.interface import Handle, JobContext, Request
from local.jobs.job import INSIDE, Command, Job
from local.jobs.processing import ProcessingRunner
from local.jobs.requests import member
from local.jobs.rewriting import RewritingSandbox
from local.store.home import HOME_VARIABLE

CLARIFY = "CLARIFY"
_PROJECT = Path(__file__).resolve().parents[2]
_PROGRAM = ("ContainerEntrypoint", "ContainerArguments")
_CLARIFY_IMAGE, _MONITOR_IMAGE = "sagemaker-clarify-processing", "sagemaker-model-monitor-analyzer"


class CheckRunner(ProcessingRunner):
    """Runs ProcessingJobs whose image is AWS's own."""

    def start(self, request: Request, context: JobContext) -> Handle:
        """Start the job. Its program is the project's own, and starts the workers of models: they have the paths."""
        return super().start(request, replace(context, sandbox=RewritingSandbox()))

    def prepare(self, job: Job) -> Command:
        """Prepare as for any processing job; the program must find this project and the home."""
        command = super().prepare(job)
        more = {
            "PATH": search_path(),
            "PYTHONPATH": str(_PROJECT),
            HOME_VARIABLE: str(job.context.store.home.root),
            LOG_VARIABLE: str(job.context.log),
        }
        return replace(command, environment={**command.environment, **more})

    def body(self, job: Job) -> dict[str, Any]:
        """Return the DescribeProcessingJob response: what stands for the image is not part of the request."""
        body = super().body(job)
        specification = {key: value for key, value in job.request["AppSpecification"].items() if key not in _PROGRAM}
        return {**body, "AppSpecification": specification}


def request(given: Request, check: str, model: str = "") -> dict[str, Any]:
    """Return a request with the program that stands for its image; `model` is the one that Clarify asks."""
    specification = given.get("AppSpecification")
    program = {
        "ContainerEntrypoint": ["python3", "-m", "local.jobs.builtin.checks"],
        "ContainerArguments": [check, INSIDE, *([model] if model else [])],
    }
    return {**given, "AppSpecification": {**(specification if isinstance(specification, dict) else {}), **program}}


def check_of(given: Request) -> str | None:
    """Return the check that a processing job makes by its image alone; None where it runs a program."""
    image = member(given, "AppSpecification", "ImageUri")
    if not isinstance(image, str) or member(given, "AppSpecification", "ContainerEntrypoint") is not None:
        return None
    name = image.rpartition("/")[2].partition(":")[0]
    if name == _CLARIFY_IMAGE:
        return CLARIFY
    if name != _MONITOR_IMAGE:
        return None
    kind = member(given, "Environment", "analysis_type")
    return "MODEL_QUALITY" if kind == "MODEL_QUALITY" else "DATA_QUALITY"
