"""A Tuning step of the bundled problem against Optuna called by hand: the same script, trials and parallelism.

By hand means what a person would write: a study, as many threads as trials side by side, each trial one process of the
training script. Both sides draw at random with the same seed from the same ranges and stop nothing early, so that they
train the same models.
    python -m benchmarks.tuning [TRIALS] [PARALLEL]
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.by_hand import ByHand
from benchmarks.timing import machine, run_process, side_by_side, table
from cli.builtin_data import materialise
from cli.problems import load
from cli.publish import ROOT, laptop_values
from cli.session import open_session
from config.tuning import Tuning
from local.store.names import role_arn
from pipeline.bundle import build_bundle
from pipeline.definition import definition
from pipeline.placeholders import fill

PROBLEM = "breast_cancer"
BUCKET = "benchmark"
SEED = 7
_BY_HAND = "benchmarks.tuning_by_hand"


def main(trials: int = 12, parallel: int = 2, runs: int = 5) -> str:
    """Measure and return the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        loaded, environment = load(PROBLEM)
        tuning = Tuning(max_jobs=trials, max_parallel_jobs=parallel, strategy="Random", early_stopping=False)
        tuned = loaded.model_copy(update={"tuning": tuning})
        text = definition(tuned, environment, cache_dir=folder / "definitions")
        untuned = definition(loaded, environment, cache_dir=folder / "definitions")
        data = folder / "data.csv"
        data.write_bytes(materialise(PROBLEM))
        by_hand = ByHand(untuned, build_bundle(ROOT).content, data, folder / "by_hand")
        by_hand.run()
        laptop = Laptop(text, folder / "home", folder / "by_hand")
        described = folder / "ranges.json"
        described.write_text(json.dumps(laptop.step["Arguments"]["HyperParameterTuningJobConfig"]["ParameterRanges"]))
        words = [str(folder / "by_hand"), str(described), str(trials), str(parallel), str(SEED)]
        results = side_by_side(
            {
                "the step Tune": laptop.run,
                "Optuna by hand": lambda: run_process([sys.executable, "-m", _BY_HAND, *words], cwd=str(ROOT)),
            },
            runs=runs,
        )
    return table(f"{trials} trials, {parallel} side by side, {PROBLEM}: {machine()}", results)


class Laptop:
    """A pipeline of nothing but the step Tune, on features that Prepare wrote by hand."""

    def __init__(self, text: str, home: Path, prepared: Path) -> None:
        self.session = open_session(home)
        bundle = build_bundle(ROOT)
        code = f"s3://{BUCKET}/{bundle.file_name}"
        filled = json.loads(fill(text, laptop_values(self.session, 2, code, bundle.file_name)))
        self.step: dict[str, Any] = next(step for step in filled["Steps"] if step["Name"] == "Tune")
        for channel in self.step["Arguments"]["TrainingJobDefinition"]["InputDataConfig"]:
            source, kind = channel["DataSource"]["S3DataSource"], channel["ChannelName"]
            if kind != "code":
                source["S3Uri"] = f"s3://{BUCKET}/{kind}"
                for path in (prepared / "Prepare/processing/output" / kind).iterdir():
                    self.session.s3.put_object(Bucket=BUCKET, Key=f"{kind}/{path.name}", Body=path.read_bytes())
        self.session.s3.put_object(Bucket=BUCKET, Key=bundle.file_name, Body=bundle.content)
        parts = {**filled, "Steps": [{name: each for name, each in self.step.items() if name != "CacheConfig"}]}
        self.session.sagemaker.create_pipeline(
            PipelineName="tuning", PipelineDefinition=json.dumps(parts), RoleArn=role_arn("benchmark"),
            ClientRequestToken="benchmark".ljust(32, "-"),
        )  # fmt: skip
        self._started = 0

    def run(self) -> float:
        """Run the pipeline once; return the seconds of its step."""
        self._started += 1
        sagemaker = self.session.sagemaker
        arn = sagemaker.start_pipeline_execution(
            PipelineName="tuning", ClientRequestToken=f"run-{self._started}".ljust(32, "-")
        )["PipelineExecutionArn"]
        while True:
            found = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
            if found["PipelineExecutionStatus"] not in ("Executing", "Stopping"):
                break
            time.sleep(0.05)
        if found["PipelineExecutionStatus"] != "Succeeded":
            raise SystemExit(found.get("FailureReason", "The step failed."))
        (step,) = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)["PipelineExecutionSteps"]
        return (step["EndTime"] - step["StartTime"]).total_seconds()


if __name__ == "__main__":
    print(main(*map(int, sys.argv[1:3])))
