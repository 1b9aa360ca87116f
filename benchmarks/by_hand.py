"""A problem's scripts called one after another, with nothing around them: what the engine is measured against.

The commands are taken from the pipeline definition itself, so that both sides do the same work.
"""

from __future__ import annotations

import json
import shutil
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.timing import run_process

ML = "/opt/ml/"
# The order in which a person would call them.
ORDER = ("Prepare", "TrainBaseline", "Train", "Evaluate")


class ByHand:
    """One set of folders, and the scripts' commands in it."""

    def __init__(self, definition: str, bundle: bytes, data: Path, folder: Path) -> None:
        self.steps: dict[str, dict[str, Any]] = {step["Name"]: step for step in json.loads(definition)["Steps"]}
        self.parameters = {item["Name"]: item["DefaultValue"] for item in json.loads(definition)["Parameters"]}
        self.data = data
        self.folder = folder
        self.code = folder / "code"
        self.code.mkdir(parents=True)
        archive = folder / "bundle.tar.gz"
        archive.write_bytes(bundle)
        with tarfile.open(archive) as opened:
            opened.extractall(self.code, filter="data")

    def run(self) -> float:
        """Run the four scripts one after another in fresh folders; return the sum of their seconds."""
        for name in ORDER:
            shutil.rmtree(self.folder / name, ignore_errors=True)
        return self._processing("Prepare", {"data": self.data}) + self._after_prepare()

    def _after_prepare(self) -> float:
        seconds = sum(self._training(name) for name in ("TrainBaseline", "Train"))
        models = {"candidate": self.folder / "Train/model", "baseline": self.folder / "TrainBaseline/model"}
        test = self.folder / "Prepare/processing/output/test"
        archives = {name: self._archive(folder) for name, folder in models.items()}
        return seconds + self._processing("Evaluate", {**archives, "test": test})

    def _archive(self, model: Path) -> Path:
        archive = model.parent / "archive" / "model.tar.gz"
        archive.parent.mkdir()
        with tarfile.open(archive, "w:gz") as opened:
            opened.add(model, arcname=".")
        return archive.parent

    def _processing(self, name: str, inputs: Mapping[str, Path]) -> float:
        root = self.folder / name
        for channel, source in inputs.items():
            target = root / "processing/input" / channel
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                target.mkdir(parents=True)
                shutil.copy(source, target)
        arguments = self.steps[name]["Arguments"]["AppSpecification"]["ContainerArguments"][1:]
        words = [self._text(word).replace(ML, f"{root}/") for word in arguments]
        return run_process([sys.executable, "-m", *words], {"SM_OUTPUT_DIR": str(root / "output")}, str(self.code))

    def _training(self, name: str) -> float:
        root = self.folder / name
        (root / "model").mkdir(parents=True)
        hyperparameters = self.steps[name]["Arguments"]["HyperParameters"]
        program = json.loads(hyperparameters["sagemaker_program"]).removesuffix(".py")
        words = []
        for key, value in hyperparameters.items():
            if not key.startswith("sagemaker_"):
                text = self._text(value)
                words += [f"--{key}", text.strip('"')]
        outputs = self.folder / "Prepare/processing/output"
        environment = {
            "SM_MODEL_DIR": str(root / "model"),
            "SM_OUTPUT_DIR": str(root / "output"),
            **{
                f"SM_CHANNEL_{channel.upper()}": str(outputs / channel)
                for channel in ("train", "validation", "features")
            },
        }
        return run_process([sys.executable, "-m", program, *words], environment, str(self.code))

    def _text(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        if "Get" in value:
            return str(self.parameters[value["Get"].removeprefix("Parameters.")])
        join = value["Std:Join"]
        return str(join["On"]).join(self._text(item) for item in join["Values"])
