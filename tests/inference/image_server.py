"""Serves a script's hooks as the server inside AWS's image does, for tests: `python image_server.py MODEL`.

Source: aws/sagemaker-containers 2.8.6 (`_server.py`, `_worker.py`, `_transformer.py`, `_content_types.py`): the program
is imported as a module, Flask decodes JSON and CSV, a tuple becomes a response, anything else is one. Requests are read
as lines of JSON from standard input and their answers written as such, in place of gunicorn's sockets.
"""

from __future__ import annotations

import base64
import importlib
import json
import os
import sys

import flask

_TEXT_TYPES = ("application/json", "text/csv")


def main(model_dir: str) -> None:
    """Load the model and answer requests until standard input ends."""
    program = importlib.import_module(os.environ["SAGEMAKER_PROGRAM"].removesuffix(".py"))
    model = program.model_fn(model_dir)
    app = flask.Flask(__name__)

    def invocations() -> flask.Response:
        request = flask.request
        content_type = request.headers.get("Content-Type") or "application/json"
        accept = request.headers.get("Accept")
        if not accept or accept == "*/*":
            accept = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", "application/json")
        content = request.get_data(as_text=True) if content_type in _TEXT_TYPES else request.get_data()
        result = program.transform_fn(model, content, content_type, accept)
        if isinstance(result, tuple):
            return flask.Response(response=result[0], mimetype=result[1])
        answered: flask.Response = result
        return answered

    app.add_url_rule("/invocations", view_func=invocations, methods=["POST"])
    client = app.test_client()
    print(json.dumps({"program": program.__file__}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        reply = client.post("/invocations", data=base64.b64decode(asked["body"]), headers=asked["headers"])
        told = {"status": reply.status_code, "type": reply.content_type, "body": base64.b64encode(reply.data).decode()}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
