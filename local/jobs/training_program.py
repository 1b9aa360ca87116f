"""What a training job runs: its ContainerEntrypoint, a script by its image's toolkit, or an algorithm of the image."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.jobs import toolkit
from local.jobs.builtin.xgboost_algorithm import metrics
from local.jobs.errors import JobError
from local.jobs.images import Image, read_image
from local.jobs.inputs import deliver
from local.jobs.interface import Request
from local.jobs.job import INSIDE, Command, Job
from local.jobs.own_images import environment_of
from local.jobs.requests import items, member
from local.store.trees import regular_files

_PROJECT = Path(__file__).resolve().parents[2]
_XGBOOST = "local.jobs.builtin.xgboost_algorithm"


def image_of(request: Request) -> Image:
    """Return the image of a training request."""
    return read_image(str(member(request, "AlgorithmSpecification", "TrainingImage") or ""))


def runs_algorithm(request: Request) -> bool:
    """Say whether a request trains with the algorithm of its image: it names neither program nor entrypoint."""
    hyperparameters = member(request, "HyperParameters") or {}
    script = toolkit.decode({toolkit.PROGRAM: hyperparameters.get(toolkit.PROGRAM, "")})[toolkit.PROGRAM]
    return not script and not member(request, "AlgorithmSpecification", "ContainerEntrypoint")


def metric_definitions(request: Request) -> list[dict[str, str]]:
    """Return the request's metric definitions; of the built-in algorithm, its own."""
    if runs_algorithm(request) and image_of(request).is_xgboost:
        return metrics.definitions()
    return [dict(entry) for entry in items(request, "AlgorithmSpecification", "MetricDefinitions")]


def command(
    job: Job, hyperparameters: Mapping[str, str], channels: Mapping[str, Any], resources: Mapping[str, Any]
) -> Command:
    """Bring the code, where there is any, and return what to run; `job` has its channels and configuration."""
    specification = job.request["AlgorithmSpecification"]
    image = image_of(job.request)
    own = environment_of(image)
    if specification.get("ContainerEntrypoint"):
        return Command([*specification["ContainerEntrypoint"], *specification.get("ContainerArguments", [])], own)
    script = toolkit.read_script(hyperparameters)
    if script is None:
        return _algorithm(job, channels)
    _install(job, script.submit_directory)
    code = job.root / "code"
    if not own:
        _check_requirements(code / "requirements.txt")
    variables = toolkit.variables(script, job.context.name, channels, resources)
    if not image.runs_modules:
        variables |= toolkit.instance_variables(resources)
    return Command(script.argv(code, as_module=image.runs_modules), {**own, **variables}, toolkit.CODE)


def _check_requirements(path: Path) -> None:
    """Fail where the source asks for packages that are not here: the image would install them, the laptop does not."""
    if not path.is_file():
        return
    # Imported here, in the background: it knows how to look packages up, which takes long to load.
    from local.jobs.shims.pip import requirements  # noqa: PLC0415

    found = requirements.of_file(path)
    if found.unmet:
        raise JobError(found.sentence("The source's requirements.txt"))


def _algorithm(job: Job, channels: Mapping[str, Any]) -> Command:
    major, minor = image_of(job.request).version
    places = {f"SM_CHANNEL_{name.upper()}": f"{INSIDE}/input/data/{name}" for name in channels}
    if checkpoints := job.request.get("CheckpointConfig"):
        places["SM_CHECKPOINT_DIR"] = checkpoints.get("LocalPath") or f"{INSIDE}/checkpoints"
    return Command(
        ["python", "-m", _XGBOOST, f"{major}.{minor}"],
        {
            "PYTHONPATH": str(_PROJECT),
            "SM_INPUT_CONFIG_DIR": f"{INSIDE}/input/config",
            "SM_MODEL_DIR": f"{INSIDE}/model",
            **places,
            **_meeting(job),
        },
    )


def _meeting(job: Job) -> dict[str, str]:
    """Where the hosts of a job, all of this machine, find one another: in the leading one's folder."""
    if len(job.hosts) == 1:
        return {}
    leading = job.folder if job.host == job.hosts[0] else job.folder.parents[1]
    return {"SAGELINE_MEETING": str(leading / "meeting")}


def _install(job: Job, submit_directory: str) -> None:
    if submit_directory.startswith("s3://"):
        source = job.folder / "tmp" / "submitted"
        deliver(job.context.store.objects, submit_directory, source, "The code archive")
        files = regular_files(source)
        source = source / files[0] if len(files) == 1 else source
    else:
        within = f"{submit_directory}/".startswith(f"{INSIDE}/")
        source = job.place(submit_directory) if within else Path(submit_directory)
    toolkit.install(source, job.root / "code")
