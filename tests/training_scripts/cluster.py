"""Trains as several hosts do: a process each, which find one another on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.support.jobs import ROOT, training_environment

SHARDED = {"train": {"S3DistributionType": "ShardedByS3Key"}}


def train_on(
    hosts: int, prepared: Path, folder: Path, *arguments: str, shards: Mapping[int, Path] | None = None
) -> list[subprocess.CompletedProcess[str]]:
    """Run a training job, its model in `folder/algo-1/model`. `shards` give hosts train data of their own."""
    names = [f"algo-{number}" for number in range(1, hosts + 1)]
    running = []
    for place, name in enumerate(names):
        environment = training_environment(prepared, folder / name / "model")
        environment |= {
            "SM_HOSTS": json.dumps(names),
            "SM_CURRENT_HOST": name,
            "SM_NETWORK_INTERFACE_NAME": "lo",
            "SM_TRAINING_ENV": json.dumps({"job_name": str(folder)}),
        }
        if shards:
            environment |= {"SM_CHANNEL_TRAIN": str(shards[place]), "SM_INPUT_DATA_CONFIG": json.dumps(SHARDED)}
        inherited = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        running.append(
            subprocess.Popen(
                [sys.executable, "-W", "error", "-m", "training_scripts.train_xgboost", *arguments],
                cwd=ROOT,
                env={**inherited, **environment},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    ended = []
    for process in running:
        out, err = process.communicate(timeout=60)
        ended.append(subprocess.CompletedProcess(process.args, process.returncode, out, err))
    return ended
