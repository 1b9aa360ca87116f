"""A copy of the server has all that the server has, and keeps what happens to it to itself."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from subprocess import DEVNULL, PIPE

import pytest
from botocore.exceptions import ClientError

from tests.support.moto.copies import copy_of
from tests.support.moto.server import ROOT, Server
from tests.support.moto.stacks import Stacks


def template(value: str) -> dict[str, object]:
    named = {"Name": "/copied", "Type": "String", "Value": value}
    return {"Resources": {"Some": {"Type": "AWS::SSM::Parameter", "Properties": named}}}


def value(server: Server) -> str:
    return str(server.client("ssm").get_parameter(Name="/copied")["Parameter"]["Value"])


def test_what_happens_to_a_copy_or_to_the_copied_stays_there(moto: Server) -> None:
    assert Stacks(moto).bring("copied", template("first")) == "CREATE_COMPLETE"
    with moto.copied() as copy, copy.copied() as second:
        assert len({moto.endpoint, copy.endpoint, second.endpoint}) == 3
        assert value(copy) == value(second) == "first"
        assert Stacks(copy).bring("copied", template("changed")) == "UPDATE_COMPLETE"
        second.client("cloudformation").delete_stack(StackName="copied")
        assert (value(moto), value(copy)) == ("first", "changed")
        with pytest.raises(ClientError, match="ParameterNotFound"):
            value(second)
        assert Stacks(moto).bring("copied", template("last")) == "UPDATE_COMPLETE"
        assert value(copy) == "changed"


SERVER = """
from werkzeug.serving import make_server
from tests.support.moto.copies import Copying

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"here"]

copying = Copying(application, lambda given: make_server("127.0.0.1", 0, given, threaded=True))
print(copying.address(), flush=True)
copying.serve()
"""


def is_there(address: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=20):
            return True
    except ConnectionRefusedError:
        return False


def test_copies_end_with_the_first_server() -> None:
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, cwd=ROOT, stdout=PIPE, stderr=DEVNULL, text=True) as server:
        assert server.stdout is not None
        copy = copy_of(server.stdout.readline().strip())
        second = copy_of(copy)
        assert is_there(copy)
        assert is_there(second)
        server.kill()
    deadline = time.monotonic() + 20
    while is_there(copy) or is_there(second):
        assert time.monotonic() < deadline
        time.sleep(0.02)
