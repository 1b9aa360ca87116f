from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.functions.process import FunctionProcess, Outcome, request_id
from local.store.home import Home
from local.store.store import Store
from tests.support.functions import register


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Home(tmp_path / "home"))


def run(store: Store, source: str, event: Any = None, **members: Any) -> tuple[Outcome, str]:
    """Run a function without an API; returns its outcome and its log."""
    function = register(store, "sample", source, **members)
    process = FunctionProcess(store, function, event, request=request_id("one"))
    process.go(None)
    outcome = process.wait()
    assert not process.folder.exists()
    return outcome, process.log.read_text(encoding="utf-8")


def test_a_function_gets_its_event_its_context_and_lambdas_variables(store: Store) -> None:
    outcome, log = run(
        store,
        """
        import os
        print("loaded")
        def handler(event, context):
            left = context.get_remaining_time_in_millis()
            assert 0 < left <= 5000
            return {
                "event": event,
                "context": [context.function_name, context.aws_request_id, context.invoked_function_arn,
                            context.log_group_name],
                "environment": [os.environ[name] for name in ("AWS_LAMBDA_FUNCTION_NAME", "OWN", "AWS_REGION")],
            }
        """,
        {"number": 5},
        environment={"OWN": "mine"},
        timeout=5.0,
    )
    assert outcome.error is None
    assert outcome.payload == {
        "event": {"number": 5},
        "context": [
            "sample",
            request_id("one"),
            "arn:aws:lambda:us-east-1:000000000000:function:sample",
            "/aws/lambda/sample",
        ],
        "environment": ["sample", "mine", "us-east-1"],
    }
    assert log.startswith(f"START RequestId: {request_id('one')} Version: $LATEST\nloaded\n")
    assert "\nREPORT RequestId: " in log


def test_nothing_of_this_process_reaches_a_function(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    outcome, _ = run(
        store,
        """
        import importlib.util, os, sys
        def handler(event, context):
            return {"profile": os.environ.get("AWS_PROFILE"), "here": "" in sys.path or os.getcwd() in sys.path[1:],
                    "bootstrap": any(path.endswith("local/functions") for path in sys.path)}
        """,
    )
    assert outcome.payload == {"profile": None, "here": False, "bootstrap": False}


def test_modules_beside_a_function_can_be_imported(store: Store) -> None:
    beside = store.home.root / "code" / "sample" / "beside.py"
    beside.parent.mkdir(parents=True)
    beside.write_text("VALUE = 3\n")
    outcome, _ = run(store, "import beside\ndef handler(event, context):\n    return beside.VALUE\n")
    assert outcome.payload == 3


def test_a_package_of_a_function_wins_over_a_module_of_the_same_name_in_the_project(store: Store) -> None:
    package = store.home.root / "code" / "sample" / "app"
    package.mkdir(parents=True)
    (package / "beside.py").write_text("VALUE = 3\n")
    source = """
    import app.beside
    def handler(event, context):
        try:
            import inference
        except ImportError:
            return app.beside.VALUE
    """
    outcome, _ = run(store, source)
    assert (outcome.error, outcome.payload) == (None, 3)


def test_an_exception_has_the_services_form_and_stands_in_the_log(store: Store) -> None:
    outcome, log = run(store, "def handler(event, context):\n    raise KeyError('group')\n")
    assert outcome.error is not None
    assert {name: outcome.error[name] for name in ("errorMessage", "errorType")} == {
        "errorMessage": "'group'",
        "errorType": "KeyError",
    }
    assert ["raise KeyError" in frame for frame in outcome.error["stackTrace"]] == [True]
    assert outcome.reason == "KeyError: 'group'."
    assert "[ERROR] KeyError: 'group'" in log


@pytest.mark.parametrize(
    ("source", "kind", "message"),
    [
        ("import nothing_of_that_name\n", "Runtime.ImportModuleError", "No module named 'nothing_of_that_name'"),
        ("def handler(:\n", "Runtime.UserCodeSyntaxError", "Syntax error in module 'sample'"),
        ("handlers = 1\n", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'sample'"),
        ("def handler(event, context):\n    return {1, 2}\n", "Runtime.MarshalError", "set is not JSON serializable"),
        ("def handler(event, context):\n    return float('nan')\n", "Runtime.MarshalError", "not JSON compliant"),
        ("import os\ndef handler(event, context):\n    os._exit(3)\n", "Runtime.ExitError", "exit status 3"),
        ("def handler(event, context):\n    raise SystemExit(0)\n", "Runtime.ExitError", "exit status 0"),
        (
            "import os, signal\ndef handler(event, context):\n    os.kill(os.getpid(), signal.SIGKILL)\n",
            "Runtime.ExitError",
            "signal: 9",
        ),
    ],
)
def test_what_the_runtime_finds_wrong_has_lambdas_word_for_it(
    store: Store, source: str, kind: str, message: str
) -> None:
    outcome, _ = run(store, source)
    assert outcome.error is not None
    assert outcome.error["errorType"] == kind
    assert message in outcome.error["errorMessage"]


def test_a_function_that_takes_too_long_is_ended(store: Store) -> None:
    outcome, _ = run(store, "import time\ndef handler(event, context):\n    time.sleep(60)\n", timeout=0.2)
    assert outcome.error == {
        "errorMessage": f"{request_id('one')} Task timed out after 0.20 seconds",
        "errorType": "Sandbox.Timedout",
    }
