"""Script mode, as SageMaker's training toolkits start a program inside their images.

Sources: aws/sagemaker-containers 2.8 (`_env.py`, `_mapping.py`, `_modules.py`), which the XGBoost images use, and
aws/sagemaker-training-toolkit (`entry_point.py`, `process.py`, `environment.py`), which all others use.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.jobs.environment import cpu_count
from local.jobs.errors import JobError

PROGRAM = "sagemaker_program"
SUBMIT_DIRECTORY = "sagemaker_submit_directory"
CODE = "/opt/ml/code"

# Hyperparameters of the toolkit itself; with all others that start with sagemaker_, they are no arguments.
_OWN = (
    PROGRAM,
    SUBMIT_DIRECTORY,
    "sagemaker_enable_cloudwatch_metrics",
    "sagemaker_region",
    "sagemaker_container_log_level",
    "sagemaker_job_name",
    "default_user_module_name",
    "_tuning_objective_metric",
    "sagemaker_s3_output",
)
_LOG_LEVEL = 20


@dataclass(frozen=True)
class Script:
    """How script mode runs: the hyperparameters as the program gets them, and those of the toolkit."""

    program: str
    submit_directory: str
    hyperparameters: dict[str, Any]
    framework: dict[str, Any]
    own: dict[str, Any]

    @property
    def module(self) -> str:
        """The program as a module's name."""
        return self.program.removesuffix(".py")

    def argv(self, code: Path, *, as_module: bool) -> list[str]:
        """Return the command line, run in the folder of the code.

        Python programs run by their path, or as a module (`as_module`, and where the code has a setup.py). Anything
        else is a command, made executable.
        """
        words = arguments(self.hyperparameters)
        if not self.program.endswith(".py"):
            return [*_executable(code / self.program), *words]
        package = (as_module and "/" not in self.program) or (code / "setup.py").is_file()
        return ["python", *(["-m", self.module] if package else [self.program]), *words]


def decode(hyperparameters: Mapping[str, str]) -> dict[str, Any]:
    """Read hyperparameters as the toolkit does: JSON where a value is JSON, else text."""
    return {name: _decoded(value) for name, value in hyperparameters.items()}


def read_script(hyperparameters: Mapping[str, str]) -> Script | None:
    """Return what script mode would run, None where the hyperparameters name no program."""
    values = decode(hyperparameters)
    if not values.get(PROGRAM):
        return None
    own = {name: value for name, value in values.items() if name in _OWN}
    framework = {name: value for name, value in values.items() if name.startswith("sagemaker_") and name not in own}
    return Script(
        program=str(values[PROGRAM]),
        submit_directory=str(values.get(SUBMIT_DIRECTORY, CODE)),
        hyperparameters={name: value for name, value in values.items() if name not in own and name not in framework},
        framework=framework,
        own=own,
    )


def arguments(hyperparameters: Mapping[str, Any]) -> list[str]:
    """Return hyperparameters as command line arguments, in the order of their names."""
    words = []
    for name in sorted(hyperparameters):
        words += [f"--{name}" if len(name) > 1 else f"-{name}", _argument(hyperparameters[name])]
    return words


def install(source: Path, code: Path) -> None:
    """Bring the code into its folder: an archive unpacked, a folder or another file copied.

    Raises:
        JobError: there is nothing at `source`, or it cannot be unpacked.
    """
    # Imported here, in the background: archives are no part of what an engine needs to start its first step.
    from local.jobs.archives import is_archive, unpack  # noqa: PLC0415

    code.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, code, dirs_exist_ok=True)
    elif not source.exists():
        message = f"The code archive {source.name} is not where {SUBMIT_DIRECTORY} says; is it in an input channel?"
        raise JobError(message)
    elif is_archive(source):
        unpack(source, code)
    else:
        shutil.copy2(source, code)


def variables(
    script: Script, job_name: str, channels: Mapping[str, Any], resources: Mapping[str, Any]
) -> dict[str, str]:
    """Return the SM_* variables, with the container's paths."""
    places = {name: f"/opt/ml/input/data/{name}" for name in channels}
    environment: dict[str, Any] = {
        "channel_input_dirs": places,
        "current_host": resources["current_host"],
        "framework_module": None,
        "hosts": resources["hosts"],
        "hyperparameters": script.hyperparameters,
        "additional_framework_parameters": script.framework,
        "input_config_dir": "/opt/ml/input/config",
        "input_data_config": dict(channels),
        "input_dir": "/opt/ml/input",
        "is_master": resources["current_host"] == resources["hosts"][0],
        "job_name": job_name,
        "log_level": script.own.get("sagemaker_container_log_level", _LOG_LEVEL),
        "master_hostname": resources["hosts"][0],
        "model_dir": "/opt/ml/model",
        "module_dir": script.submit_directory,
        "module_name": script.module,
        "network_interface_name": resources["network_interface_name"],
        "num_cpus": cpu_count(),
        "num_gpus": 0,
        "output_data_dir": "/opt/ml/output/data",
        "output_dir": "/opt/ml/output",
        "output_intermediate_dir": "/opt/ml/output/intermediate",
        "resource_config": dict(resources),
        "user_entry_point": script.program,
    }
    renamed = {"hyperparameters": "hps", "additional_framework_parameters": "framework_params"}
    left_out = ("channel_input_dirs", "is_master", "job_name", "master_hostname")
    shown = {renamed.get(name, name): value for name, value in environment.items() if name not in left_out}
    shown |= {"channels": sorted(places), "user_args": arguments(script.hyperparameters), "training_env": environment}
    shown |= {f"channel_{name}": place for name, place in places.items()}
    shown |= {f"hp_{name}": value for name, value in script.hyperparameters.items()}
    return {f"SM_{name.upper()}": _variable(value) for name, value in shown.items()}


def instance_variables(resources: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables that newer toolkits add, about the instances of the job."""
    groups = {group["instance_group_name"]: group for group in resources["instance_groups"]}
    current = resources["current_group_name"]
    shown = {
        "current_instance_type": resources["current_instance_type"],
        "current_instance_group": current,
        "current_instance_group_hosts": groups[current]["hosts"],
        "instance_groups": list(groups),
        "instance_groups_dict": groups,
        "distribution_instance_groups": [],
        "is_hetero": len(groups) > 1,
        "num_neurons": 0,
    }
    return {f"SM_{name.upper()}": _variable(value) for name, value in shown.items()}


def _executable(program: Path) -> list[str]:
    """Return how a command runs: by itself where its first line says by what, else by the shell."""
    if not program.is_file():
        message = f"The program {program.name} of {PROGRAM} is not in the code archive."
        raise JobError(message)
    program.chmod(program.stat().st_mode | 0o111)
    with program.open("rb") as file:
        marked = file.read(2) == b"#!"
    return [f"{CODE}/{program.name}"] if marked else ["/bin/sh", program.name]


def _decoded(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, TypeError):
        return value


def _argument(value: Any) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{key}={each}" for key, each in sorted(value.items()))
    return "" if value is None else str(value)


def _variable(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))
