"""What serves scripts in AWS's image: Flask under gunicorn with gevent. (In the image, nginx stands before it.)

gunicorn --worker-class gevent --workers 1 --bind 127.0.0.1:PORT benchmarks.serving_peers.flask_app:app
"""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, Response, request

from benchmarks.serving_peers.model import Model

app = Flask(__name__)
_model = Model(Path(os.environ["BENCHMARK_MODEL"]))
_answer = _model.answer_prepared if os.environ.get("BENCHMARK_PREPARED") else _model.answer


@app.get("/ping")
def ping() -> Response:
    """Say that the model is loaded."""
    return Response(status=200)


@app.post("/invocations")
def invocations() -> Response:
    """Answer rows."""
    return Response(_answer(request.get_data()), mimetype="text/csv")
