from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local.client import client
from local.functions.wake import settle
from local.store.home import Home
from local.store.store import Store
from tests.support.functions import register

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

SOURCE = """
import pathlib
def handler(event, context):
    print("asked")
    if event.get("fail"):
        raise LookupError(event["fail"])
    pathlib.Path(__file__).with_name("ran").write_text(context.aws_request_id)
    return {"twice": 2 * event["number"]}
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(Home(tmp_path / "home"))
    register(made, "double", SOURCE, environment={"OWN": "mine"}, timeout=20.0)
    return made


@pytest.fixture
def functions(store: Store) -> LambdaClient:
    made: LambdaClient = client("lambda", store.home.root)
    return made


@pytest.mark.parametrize(
    "name",
    [
        "double",
        "arn:aws:lambda:us-east-1:000000000000:function:double",
        "arn:aws:lambda:eu-west-1:111122223333:function:double:live",
        "000000000000:function:double",
    ],
)
def test_invoke_returns_what_the_function_returns(functions: LambdaClient, name: str) -> None:
    answer = functions.invoke(FunctionName=name, Payload=b'{"number": 4}', LogType="Tail")
    assert (answer["StatusCode"], answer["ExecutedVersion"], "FunctionError" in answer) == (200, "$LATEST", False)
    assert json.loads(answer["Payload"].read()) == {"twice": 8}
    assert b"\nasked\n" in base64.b64decode(answer["LogResult"])


def test_a_functions_error_is_an_answer_not_a_failure(functions: LambdaClient) -> None:
    answer = functions.invoke(FunctionName="double", Payload=b'{"fail": "gone"}')
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    error = json.loads(answer["Payload"].read())
    assert (error["errorType"], error["errorMessage"], len(error["stackTrace"])) == ("LookupError", "gone", 1)


def test_an_event_is_left_to_be_run_and_a_dry_run_is_not(functions: LambdaClient, store: Store) -> None:
    ran = store.home.root / "code" / "double" / "ran"
    assert functions.invoke(FunctionName="double", InvocationType="DryRun")["StatusCode"] == 204
    assert settle(store, 30)
    assert not ran.exists()
    answer = functions.invoke(FunctionName="double", InvocationType="Event", Payload=b'{"number": 1}')
    assert answer["StatusCode"] == 202
    assert settle(store, 30)
    assert ran.exists()


def test_functions_are_described_and_listed(functions: LambdaClient, store: Store) -> None:
    register(store, "another", SOURCE)
    found = functions.get_function(FunctionName="double")["Configuration"]
    assert {name: found[name] for name in ("FunctionName", "Handler", "Timeout", "State")} == {
        "FunctionName": "double",
        "Handler": "double.handler",
        "Timeout": 20,
        "State": "Active",
    }
    assert found["Environment"]["Variables"] == {"OWN": "mine"}
    pages = functions.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 1})
    assert [each["FunctionName"] for page in pages for each in page["Functions"]] == ["another", "double"]


def test_unknown_functions_and_unreadable_events_have_lambdas_words(functions: LambdaClient) -> None:
    with pytest.raises(functions.exceptions.ResourceNotFoundException, match="Function not found"):
        functions.invoke(FunctionName="nobody")
    with pytest.raises(functions.exceptions.InvalidRequestContentException, match="Could not parse request body"):
        functions.invoke(FunctionName="double", Payload=b"{")
