"""AWS's own server of XGBoost models, out of a checkout of aws/sagemaker-xgboost-container; it takes prepared rows.

    BENCHMARK_CHECKOUT=FOLDER SM_MODEL_DIR=MODEL gunicorn --worker-class gevent --workers 1 --bind 127.0.0.1:PORT \
        benchmarks.serving_peers.image_app:app

The image starts the same application in the same way, with a worker for each processor and nginx before them.
"""

from __future__ import annotations

import collections
import collections.abc
import importlib
import os
import sys
from pathlib import Path

# The image patches sagemaker-containers in the same way, and has a protobuf that reads its descriptions.
collections.Mapping = collections.abc.Mapping  # type: ignore[attr-defined]
os.environ["PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION"] = "python"
sys.path.insert(0, str(Path(os.environ["BENCHMARK_CHECKOUT"]) / "src"))

app = importlib.import_module("sagemaker_xgboost_container.algorithm_mode.serve").ScoringService.csdk_start()
