"""Servers whose environments whoever measures names, since they cannot be locked with the others.

AWS's own server pins releases that do not work together, which its image overrides; MLServer holds FastAPI back.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from benchmarks.contenders import Contender

_QUIET = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def image_server(checkout: Path, folder: Path) -> Contender:
    """The server of AWS's image, out of a checkout of aws/sagemaker-xgboost-container whose `.venv` has what it needs.

    `folder` is that of the peers' model.
    """
    model = folder / "image"
    model.mkdir(exist_ok=True)
    shutil.copyfile(folder / "model.json", model / "model.json")
    gunicorn = (str(checkout / ".venv" / "bin" / "gunicorn"), "--worker-class", "gevent", "--workers", "1")
    argv = (*gunicorn, "--bind", "127.0.0.1:{port}", "benchmarks.serving_peers.image_app:app")
    environment = {**_QUIET, "BENCHMARK_CHECKOUT": str(checkout), "SM_MODEL_DIR": str(model)}
    name = "AWS's server, prepared rows"
    return Contender(name, argv, environment, row="peers/prepared.csv", reads_tables=False, silenced=True)


def mlserver(environment: Path, folder: Path) -> Contender:
    """MLServer out of an environment that has it and XGBoost; `folder` is that of the peers' model."""
    settings = folder / "mlserver"
    settings.mkdir(exist_ok=True)
    model = {
        "name": "trees",
        "implementation": "benchmarks.serving_peers.mlserver_trees.Trees",
        "parameters": {"uri": str(folder / "model.json")},
    }
    (settings / "model-settings.json").write_text(json.dumps(model), encoding="utf-8")
    (settings / "settings.json").write_text(json.dumps({"parallel_workers": 0, "host": "127.0.0.1"}), encoding="utf-8")
    row = [float(cell) for cell in (folder / "prepared.csv").read_text(encoding="utf-8").split(",")]
    rows = {"name": "rows", "shape": [1, len(row)], "datatype": "FP32", "data": row}
    (folder / "prepared.json").write_text(json.dumps({"inputs": [rows]}), encoding="utf-8")
    ports = {"MLSERVER_HTTP_PORT": "{port}", "MLSERVER_METRICS_PORT": "0", "MLSERVER_GRPC_PORT": "0"}
    return Contender(
        "MLServer, prepared rows",
        (str(environment / "bin" / "mlserver"), "start", str(settings)),
        {**_QUIET, **ports, "PYTHONPATH": str(Path(__file__).parents[1])},
        row="peers/prepared.json",
        reads_tables=False,
        silenced=True,
        path="/v2/models/trees/infer",
        ready="/v2/models/trees/ready",
        type="application/json",
    )
