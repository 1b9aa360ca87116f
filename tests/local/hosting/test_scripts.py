"""Script-mode serving as the frameworks' containers do it, with real models."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from local.engine.runtime import differences
from local.hosting.connection import Request
from local.hosting.errors import HostingError
from local.hosting.places import new_folder
from local.hosting.process import Worker
from local.jobs import own_images
from local.jobs.rewriting import RewritingSandbox
from local.jobs.sandboxes import choose
from tests.local.hosting.conftest import Host
from tests.support.models import SKLEARN, XGBOOST, archive, foreign_archive, script_container
from tests.support.own_images import environment

# Coefficients as text: a model of scikit-learn's without a pickle.
ONLY_MODEL_FN = """
import json
import os

import numpy as np
from sklearn.linear_model import LogisticRegression


def model_fn(model_dir):
    with open(os.path.join(model_dir, "model.json")) as file:
        saved = json.load(file)
    model = LogisticRegression()
    model.coef_, model.intercept_ = np.array(saved["coef"]), np.array(saved["intercept"])
    model.classes_ = np.array(saved["classes"])
    return model
"""


def test_hooks_of_a_foreign_script_answer_and_its_errors_are_statuses(host: Host) -> None:
    chain = host.model("foreign", script_container(host.put("foreign.tar.gz", foreign_archive())))
    reply = host.ask(chain, json.dumps({"instances": [[1, 2], [3, 4]]}), "application/json")
    assert (reply.status, reply.content_type, json.loads(reply.body)) == (
        200,
        "application/json",
        {"predictions": [5, 11]},
    )
    wrong = host.ask(chain, "x", "text/csv")
    assert wrong.status == 500
    assert json.loads(wrong.body) == {"error": "ValueError: send JSON, not text/csv"}
    assert b"Traceback" not in wrong.body
    assert "send JSON" in host.log.read_text()


def test_sklearns_defaults_read_and_write_what_the_container_does(host: Host) -> None:
    rows, labels = load_iris(return_X_y=True)
    fitted = LogisticRegression(max_iter=1000).fit(rows, labels)
    saved = {"coef": fitted.coef_.tolist(), "intercept": fitted.intercept_.tolist(), "classes": [0, 1, 2]}
    content = archive(**{"model.json": json.dumps(saved), "code__inference.py": ONLY_MODEL_FN})
    chain = host.model("iris", script_container(host.put("iris.tar.gz", content)))
    some = rows[::40]
    expected = fitted.predict(some).tolist()
    text = "\n".join(",".join(map(str, row)) for row in some)
    assert json.loads(host.ask(chain, text, "text/csv").body) == expected
    assert host.ask(chain, text, "text/csv", "text/csv").body.decode().split() == [str(each) for each in expected]
    assert json.loads(host.ask(chain, json.dumps(some.tolist()), "application/json").body) == expected
    packed = host.ask(chain, json.dumps(some.tolist()), "application/json", "application/x-npy").body
    assert np.frombuffer(packed[-8 * len(some) :], dtype=np.int64).tolist() == expected
    assert host.ask(chain, "<rows/>", "application/xml").status == 415
    assert host.ask(chain, text, "text/csv", "application/xml").status == 406


def test_toolkit_modules_that_scripts_import_are_there(host: Host) -> None:
    script = """
from sagemaker_containers.beta.framework import encoders, worker
from sagemaker_inference import content_types
from sagemaker_xgboost_container import encoder as xgb_encoders


def model_fn(model_dir):
    return None


def input_fn(body, content_type):
    return xgb_encoders.libsvm_to_dmatrix(body)


def predict_fn(data, model):
    return [data.num_row(), data.num_col()]


def output_fn(prediction, accept):
    return worker.Response(encoders.encode(prediction, content_types.JSON), mimetype=accept)
"""
    uri = host.put("shims.tar.gz", archive(**{"code__inference.py": script}))
    chain = host.model("shims", script_container(uri, XGBOOST))
    assert host.ask(chain, "1 0:1.5 3:2\n0 1:1", "text/libsvm").body == b"[2, 4]"


def test_code_may_lie_in_an_archive_of_its_own(host: Host) -> None:
    script = "def model_fn(d): return 7\ndef transform_fn(m, body, kind, accept): return str(m), 'text/plain'\n"
    code = host.put("code/source.tar.gz", archive(**{"inference.py": script}))
    data = host.put("bare.tar.gz", archive(**{"note.txt": "x"}))
    chain = host.model("apart", script_container(data, SAGEMAKER_SUBMIT_DIRECTORY=code))
    assert host.ask(chain, "x", "text/csv").body == b"7"


@pytest.mark.parametrize("sandbox", [RewritingSandbox(), None], ids=["rewriting", "namespace"])
def test_a_script_finds_the_containers_paths(host: Host, sandbox: RewritingSandbox | None) -> None:
    chosen = choose(host.store.home.root)
    if sandbox is None and chosen.reason is not None:
        pytest.skip(f"no namespaces here: {chosen.reason}")
    # Only a namespace shows a path that a script writes itself; environment and arguments are rewritten elsewhere.
    written = "'/opt/ml/model'" if sandbox is None else "os.environ['WHERE']"
    script = f"""
import os


def model_fn(model_dir):
    return open(os.path.join({written}, "note.txt")).read()


def transform_fn(model, body, content_type, accept):
    return model, accept
"""
    name = "paths-rewritten" if sandbox else "paths"
    uri = host.put(f"{name}.tar.gz", archive(**{"note.txt": "hello", "code__inference.py": script}))
    directory = "file:///opt/ml/model/code"
    (container,) = host.model(name, script_container(uri, WHERE="/opt/ml/model", SAGEMAKER_SUBMIT_DIRECTORY=directory))
    worker = Worker(host.store, container, new_folder(host.store.home.root), host.log, sandbox or chosen.sandbox)
    worker.start()
    try:
        assert worker.invoke(Request(b"x", "text/csv", "text/plain")).body == b"hello"
    finally:
        worker.stop()


@pytest.mark.parametrize("hosts", [True, False], ids=["with numpy", "without numpy"])
def test_a_script_runs_by_its_images_environment_where_that_can_host(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, hosts: bool
) -> None:
    environment(tmp_path / "sagemaker-scikit-learn", hosts=hosts)
    monkeypatch.setenv(own_images.VARIABLE, str(tmp_path))
    script = """
from importlib.util import find_spec


def model_fn(d):
    return find_spec("old_package") is not None


def transform_fn(model, body, kind, accept):
    return str(model), "text/plain"
"""
    name = f"own-{hosts}"
    uri = host.put(f"{name}.tar.gz", archive(**{"code__inference.py": script}))
    chain = host.model(name, {**script_container(uri), "Image": SKLEARN})
    assert host.ask(chain, "x", "text/csv").body.decode() == str(hosts)
    (told,) = differences([SKLEARN])
    assert told.startswith("Programs of" if hosts else "Programs, and not the hosted models, of")


def test_containers_in_series_pass_their_answers_on(host: Host) -> None:
    double = (
        "def model_fn(d): return 2\ndef transform_fn(m, body, kind, accept): return str(m * int(body)), 'text/csv'\n"
    )
    first = script_container(host.put("double.tar.gz", archive(**{"code__inference.py": double})))
    chain = host.model("series", first, {**first, "ContainerHostname": "second"})
    assert host.ask(chain, "3", "text/csv").body == b"12"


@pytest.mark.parametrize(
    ("files", "cause"),
    [
        ({}, "no Python files"),
        ({"code__inference.py": "import nothing_like_it"}, "inference.py cannot be imported: ModuleNotFoundError"),
        (
            {"code__inference.py": "def model_fn(d):\n    raise OSError('no weights')"},
            "model_fn of inference.py failed",
        ),
        ({"code__inference.py": "x = 1"}, "inference.py has no model_fn"),
        ({"code__inference.py": "import os; os._exit(3)"}, "exit code 3"),
    ],
)
def test_a_script_that_cannot_serve_is_named_with_its_one_cause(host: Host, files: dict[str, str], cause: str) -> None:
    name = f"broken-{len(cause)}"
    uri = host.put(f"{name}.tar.gz", archive(**{"note.txt": "x", "code__note.txt": "x", **files}))
    chain = host.model(name, script_container(uri, SKLEARN))
    with pytest.raises(HostingError) as caught:
        host.ask(chain, "1", "text/csv")
    assert f"The model {name} cannot be served: " in str(caught.value)
    assert cause in str(caught.value)
    assert "\n" not in str(caught.value)
