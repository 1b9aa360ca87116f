"""FastAPI under uvicorn, as its documentation has it.

uvicorn --host 127.0.0.1 --port PORT benchmarks.serving_peers.fastapi_app:app
"""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import FastAPI, Request, Response

from benchmarks.serving_peers.model import Model

app = FastAPI()
_model = Model(Path(os.environ["BENCHMARK_MODEL"]))


@app.get("/ping")
async def ping() -> Response:
    """Say that the model is loaded."""
    return Response(status_code=200)


@app.post("/invocations")
async def invocations(request: Request) -> Response:
    """Answer rows."""
    return Response(_model.answer(await request.body()), media_type="text/csv")
