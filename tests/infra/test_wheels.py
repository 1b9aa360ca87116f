from __future__ import annotations

import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import boto3
import pytest

from infra import wheels
from tests.support.aws_server import aws_server
from tests.support.wheels import listed, wheel

ROOT = Path(__file__).parents[2]
OUTPUTS = """\
<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
<StackName>{name}</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>
<Outputs>
<member><OutputKey>DataBucketName</OutputKey><OutputValue>another</OutputValue></member>
<member><OutputKey>ArtifactBucketName</OutputKey><OutputValue>its-artifacts</OutputValue></member>
</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>
"""


class CloudFormation(BaseHTTPRequestHandler):
    """Answers what a stack's outputs are, whichever is asked for."""

    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(200)
        self.end_headers()
        self.wfile.write(OUTPUTS.format(name=asked["StackName"][0]).encode())
        assert asked["StackName"] == ["sageline-dev-data"]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


def fetched(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Fetch a list's wheels from an index that is a folder; return the list and where they are."""
    packages = [wheel(folder / "index", "alpha"), wheel(folder / "index", "beta")]
    list_ = folder / "list.txt"
    list_.write_text(listed(*packages), encoding="utf-8")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder / "index"))
    return list_, wheels.fetch(list_, folder / "wheels")


def test_a_list_s_wheels_are_fetched_whole_with_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    list_, folder = fetched(tmp_path, monkeypatch)
    assert folder.name == wheels.prefix(list_).rpartition("/")[2]
    assert sorted(each.name for each in folder.iterdir()) == [
        "alpha-1.0-py3-none-any.whl",
        "beta-1.0-py3-none-any.whl",
        "requirements.txt",
    ]
    assert (folder / "requirements.txt").read_bytes() == list_.read_bytes()


def test_wheels_with_other_hashes_leave_nothing_that_looks_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    list_, folder = fetched(tmp_path, monkeypatch)
    list_.write_text("alpha==1.0 --hash=sha256:" + "0" * 64, encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        wheels.fetch(list_, tmp_path / "wheels")
    assert "DO NOT MATCH THE HASHES" in capfd.readouterr().err
    assert not (folder.parent / wheels.prefix(list_).rpartition("/")[2]).exists()


def test_they_go_to_the_environments_artifact_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, folder = fetched(tmp_path, monkeypatch)
    with aws_server() as aws, ThreadingHTTPServer(("127.0.0.1", 0), CloudFormation) as stacks:
        threading.Thread(target=stacks.serve_forever, daemon=True).start()
        aws["AWS_ENDPOINT_URL_CLOUDFORMATION"] = f"http://127.0.0.1:{stacks.server_port}"
        for name, value in aws.items():
            monkeypatch.setenv(name, value)
        place = {"LocationConstraint": "eu-central-1"}
        boto3.client("s3").create_bucket(Bucket="its-artifacts", CreateBucketConfiguration=place)
        address = wheels.publish("dev", "eu-central-1", folder)
        assert address == f"s3://its-artifacts/wheels/{folder.name}"
        held = boto3.client("s3").list_objects_v2(Bucket="its-artifacts", Prefix=f"wheels/{folder.name}/")["Contents"]
        stacks.shutdown()
    assert len(held) == 3


def test_mistakes_end_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    _, folder = fetched(tmp_path, monkeypatch)
    monkeypatch.setattr(wheels, "fetch", lambda: folder)
    assert wheels.main(["nowhere"]) == 2
    assert "There is no environment of this name" in capfd.readouterr().err
    assert wheels.main([]) == 0
    assert "make wheels ENVIRONMENT=dev" in capfd.readouterr().out
    for name, value in {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    assert wheels.main(["dev"]) == 1
    assert "Stopped: aws failed, and said why above." in capfd.readouterr().err


def test_the_notebooks_list_has_a_runs_versions_and_no_choices_left_open() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([\w.-]+)==([^\s\\;]+)", text, re.MULTILINE))

    notebook, run = pins("notebook.txt"), pins("run.txt")
    assert {name: version for name, version in notebook.items() if run.get(name, version) != version} == {}
    assert {"ipykernel", "sagemaker", "boto3", "xgboost-cpu", "setuptools"} <= set(notebook)
    assert not re.search(r"^[\w.-]+==.*;", wheels.LOCK.read_text(encoding="utf-8"), re.MULTILINE)
