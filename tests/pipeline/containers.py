"""Runs the jobs of a definition as containers would: its own commands, the bundle, and a folder for ``/opt/ml``."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.bundle import Bundle

ML = "/opt/ml"


@dataclass(frozen=True)
class Machine:
    """An interpreter, the bundle, and a folder in which every job gets its own ``/opt/ml``."""

    python: Path
    bundle: Bundle
    folder: Path

    def process(self, step: dict[str, Any], inputs: dict[str, Path]) -> Path:
        """Run a processing step; return the folder of its outputs."""
        ml = self.folder / str(step["Name"])
        for name, source in {**inputs, "code": self._code()}.items():
            place(source, ml / "processing/input" / name)
        (ml / "processing/output").mkdir()
        application = step["Arguments"]["AppSpecification"]
        _, *entrypoint = application["ContainerEntrypoint"]
        arguments = [resolved(each) for each in application["ContainerArguments"]]
        self._run([*entrypoint, *arguments], ml, {"SM_OUTPUT_DIR": str(ml / "output")})
        return ml / "processing/output"

    def train(self, step: dict[str, Any], channels: dict[str, Path]) -> Path:
        """Run a training step in script mode; return its model folder."""
        ml = self.folder / str(step["Name"])
        for name, source in {**channels, "code": self._code()}.items():
            place(source, ml / "input/data" / name)
        (ml / "model").mkdir()
        hyperparameters = {key: json.loads(resolved(v)) for key, v in step["Arguments"]["HyperParameters"].items()}
        program = hyperparameters.pop("sagemaker_program")
        archive = Path(hyperparameters.pop("sagemaker_submit_directory").replace(ML, str(ml), 1))
        with tarfile.open(archive) as tar:
            tar.extractall(ml / "code", filter="data")
        variables = {
            "SM_MODEL_DIR": str(ml / "model"),
            "SM_OUTPUT_DIR": str(ml / "output"),
            **{f"SM_CHANNEL_{name.upper()}": str(ml / "input/data" / name) for name in channels},
        }
        arguments = [text for key, value in sorted(hyperparameters.items()) for text in (f"--{key}", str(value))]
        self._run(["-m", program.removesuffix(".py"), *arguments], ml, variables, cwd=ml / "code")
        return ml / "model"

    def call(self, code: str, folder: Path) -> str:
        """Run some code with a folder's modules, as the server does; return what it prints."""
        return self._run(["-c", code], self.folder, {}, cwd=folder)

    def _code(self) -> Path:
        """A folder that holds the bundle under the name that a deployed asset has."""
        folder = self.folder / "code"
        folder.mkdir(exist_ok=True)
        (folder / CODE_FILE).write_bytes(self.bundle.content)
        return folder

    def _run(self, command: list[str], ml: Path, variables: dict[str, str], cwd: Path | None = None) -> str:
        """Run the interpreter with no variables but these, outside the checkout; a failing job fails the test."""
        environment = {"PATH": os.defpath, "HOME": str(ml), "OMP_NUM_THREADS": "1", **variables}
        moved = [text.replace(f"{ML}/", f"{ml}/") if text.startswith(f"{ML}/") else text for text in command]
        done = subprocess.run(
            [str(self.python), *moved], env=environment, cwd=cwd or ml, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{moved}\n{done.stdout}\n{done.stderr}"
        return done.stdout


#: The name of the bundle where an asset brings it: it does not tell what is inside.
CODE_FILE = "0123abcd.gz"


def place(source: Path, target: Path) -> None:
    """Put an input where a job finds it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.symlink_to(source)


def packed(model: Path, folder: Path) -> Path:
    """A folder that holds a model as the service packs it."""
    folder.mkdir()
    with tarfile.open(folder / "model.tar.gz", "w:gz") as tar:
        for path in sorted(model.iterdir()):
            tar.add(path, path.name)
    return folder


PARAMETERS = {"Parameters.Seed": "7", "Parameters.DataVersion": "first"}


def resolved(value: Any) -> str:
    """An argument with its references to parameters resolved."""
    if isinstance(value, str):
        return value
    if "Get" in value:
        return PARAMETERS[value["Get"]]
    join = value["Std:Join"]
    return str(join["On"]).join(resolved(each) for each in join["Values"])
