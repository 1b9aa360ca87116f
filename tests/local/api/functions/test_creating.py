from __future__ import annotations

import io
import json
import stat
import struct
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from local.client import client
from local.functions import packages
from local.store.home import Home
from local.store.store import Store

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

ROLE = "arn:aws:iam::111122223333:role/functions"
HANDLER = """
import os
import helper

def lambda_handler(event, context):
    return {"twice": helper.twice(event["number"]), "own": os.environ.get("OWN"), "name": context.function_name}
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Home(tmp_path / "home"))


@pytest.fixture
def functions(store: Store) -> LambdaClient:
    made: LambdaClient = client("lambda", store.home.root)
    return made


def packed(**files: str) -> bytes:
    """A zip of files given by path, with two underscores for a slash."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def code(source: str = HANDLER) -> bytes:
    return packed(**{"my_module.py": source, "helper.py": "def twice(n):\n    return 2 * n\n"})


def create(functions: LambdaClient, content: bytes, **more: Any) -> Any:
    request = {
        "FunctionName": "mine",
        "Runtime": "python3.8",
        "Role": ROLE,
        "Handler": "my_module.lambda_handler",
        "Timeout": 60,
    }
    return functions.create_function(**{**request, "Code": {"ZipFile": content}, **more})


def invoke(functions: LambdaClient, name: str = "mine") -> Any:
    return json.loads(functions.invoke(FunctionName=name, Payload=b'{"number": 4}')["Payload"].read())


def refusal(functions: LambdaClient, content: bytes, **more: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        create(functions, content, **more)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_function_is_created_from_a_zip_and_runs(functions: LambdaClient) -> None:
    made = create(functions, code(), Timeout=120, MemorySize=256, Environment={"Variables": {"OWN": "mine"}})

    assert (made["FunctionName"], made["Role"], made["Runtime"], made["State"]) == ("mine", ROLE, "python3.8", "Active")
    assert (made["Timeout"], made["MemorySize"], made["CodeSize"]) == (120, 256, len(code()))
    assert invoke(functions) == {"twice": 8, "own": "mine", "name": "mine"}
    assert invoke(functions, "arn:aws:lambda:us-east-1:111122223333:function:mine") == invoke(functions)
    functions.get_waiter("function_active_v2").wait(FunctionName="mine")
    assert functions.get_function(FunctionName="mine")["Configuration"]["CodeSha256"] == made["CodeSha256"]


def test_code_may_lie_on_s3_and_the_handler_in_a_package(store: Store, functions: LambdaClient) -> None:
    source = "from . import words\ndef run(event, context):\n    return words.HELLO\n"
    content = packed(**{"shop__main.py": source, "shop__words.py": "HELLO = 'hello'\n"})
    store.objects.put("bucket", "lambda/mine/code", content)

    create(functions, b"", Code={"S3Bucket": "bucket", "S3Key": "lambda/mine/code"}, Handler="shop.main.run")

    assert invoke(functions) == "hello"


def test_a_name_is_taken_once_and_its_code_and_configuration_can_be_changed(functions: LambdaClient) -> None:
    create(functions, code())
    assert refusal(functions, code()) == ("ResourceConflictException", "Function already exist: mine")

    functions.update_function_code(
        FunctionName="mine", ZipFile=packed(**{"other.py": "def run(e, c):\n    return 7\n"})
    )
    assert "No module named 'my_module'" in invoke(functions)["errorMessage"]
    changed = functions.update_function_configuration(FunctionName="mine", Handler="other.run", Timeout=9)

    assert (changed["Handler"], changed["Timeout"], changed["Role"]) == ("other.run", 9, ROLE)
    assert invoke(functions) == 7


def test_a_deleted_function_is_gone_with_its_code(store: Store, functions: LambdaClient) -> None:
    create(functions, code())
    functions.delete_function(FunctionName="mine")

    with pytest.raises(ClientError, match="Function not found"):
        functions.get_function(FunctionName="mine")
    assert not packages.code_of(store, "mine").exists()


def hostile(name: str, mode: int = 0) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        member = zipfile.ZipInfo(name)
        member.external_attr = mode << 16
        archive.writestr(member, "/etc/passwd")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (hostile("../escaped.py"), "would lie outside the function's folder"),
        (hostile("a/../../escaped.py"), "would lie outside the function's folder"),
        (hostile("/escaped.py"), "would lie outside the function's folder"),
        (hostile("c:escaped.py"), "would lie outside the function's folder"),
        (hostile("link", stat.S_IFLNK | 0o777), "links are not unpacked"),
        (b"no archive", "Could not unzip uploaded file"),
        (code()[:-30], "Could not unzip uploaded file"),
    ],
)
def test_hostile_and_damaged_archives_leave_nothing(
    store: Store, functions: LambdaClient, content: bytes, told: str
) -> None:
    kind, message = refusal(functions, content)

    assert kind == "InvalidParameterValueException"
    assert told in message
    assert functions.list_functions()["Functions"] == []
    assert not [path for path in store.home.root.rglob("*") if path.name.startswith(("escaped", "link"))]
    assert list(packages.code_of(store, "mine").iterdir()) == []


def test_an_archive_is_counted_as_it_unpacks_not_as_it_says(
    functions: LambdaClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "MAX_BYTES", 1 << 20)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my_module.py", b"#" * (2 << 20))

    assert "unpacks to more than 1 MiB" in refusal(functions, made.getvalue())[1]
    # One that says it is small is found out by its checksum or its size; either way it is refused.
    lying = bytearray(made.getvalue())
    at = lying.rindex(b"PK\x01\x02") + 24
    lying[at : at + 4] = struct.pack("<I", 10)
    assert "Could not unzip" in refusal(functions, bytes(lying))[1]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"Runtime": "nodejs20.x"}, "runs Python functions"),
        ({"PackageType": "Image", "Code": {"ImageUri": "x"}}, "container images are not there"),
        ({"Handler": "run"}, "not of the form module.function"),
        ({"Handler": "../other.run"}, "not of the form module.function"),
        ({"Code": {"S3Bucket": "bucket", "S3Key": "nothing"}}, "GetObject"),
        ({"Code": {}}, "Please provide a source"),
    ],
)
def test_what_cannot_run_here_is_refused(functions: LambdaClient, more: dict[str, Any], told: str) -> None:
    kind, message = refusal(functions, code(), **more)

    assert (kind, told in message) == ("InvalidParameterValueException", True), message
