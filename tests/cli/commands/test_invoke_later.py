"""`sageline invoke --async` on the laptop; in AWS it is tried beside the other ways of asking, in test_invoke."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.commands.invoke import command
from cli.errors import RUN_FAILED, WRONG_USAGE, CommandError
from tests.support.command import call
from tests.support.endpoints import ECHO, Cloud
from tests.support.models import variant
from tests.support.pipelines import await_value

OUTPUT: Any = {"OutputConfig": {"S3OutputPath": "s3://results/out", "S3FailurePath": "s3://results/failed"}}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    made = Cloud(tmp_path_factory.mktemp("later"))
    made.script("echo", ECHO)
    made.endpoint("sageline-later", variant("echo"), AsyncInferenceConfig=OUTPUT)
    yield made
    await_value(lambda: not made.store.asynchronous.any(), "the answers")
    made.close()


def run(cloud: Cloud, text: str, *words: str) -> tuple[int, str, str]:
    """Run the command in this process; returns its exit code, what it printed, and what it or its error said."""
    given = ["later", "-", *words, "--home", str(cloud.home)]
    done = CliRunner().invoke(command, given, input=text, standalone_mode=False)
    if isinstance(done.exception, CommandError):
        return done.exception.code, done.stdout, str(done.exception)
    if done.exception is not None:
        raise done.exception
    return done.return_value, done.stdout, done.stderr


def test_it_waits_for_the_answer_and_says_where_that_lies(cloud: Cloud, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("1,2\n")
    done = call(cloud.home, "invoke", "later", str(tmp_path / "rows.csv"), "--async")
    assert (done.code, done.out) == (0, "1,2\n"), done.err
    said, address = done.err.split("The answer lies at ")[0], done.err.split()[4]
    assert said == ""
    bucket, _, key = address.removeprefix("s3://").partition("/")
    assert cloud.s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"1,2\n"
    requests = cloud.s3.list_objects_v2(Bucket="sageline-laptop-artifacts", Prefix="sageline-later/asynchronous/")
    assert [each["Key"][-4:] for each in requests["Contents"]] == [".csv"]


def test_what_the_model_refuses_is_said_as_ever(cloud: Cloud) -> None:
    code, out, said = run(cloud, "refuse", "--async", "--content-type", "text/csv")
    assert (code, out) == (WRONG_USAGE, "")
    assert said == "The endpoint sageline-later does not take the rows (422): no such rows"
    code, _, said = run(cloud, "fail", "--async", "--content-type", "text/csv")
    assert (code, said) == (RUN_FAILED, "The endpoint sageline-later failed (500): RuntimeError: told to")


def test_who_waits_for_too_short_a_time_is_told_where_the_answer_will_be(cloud: Cloud) -> None:
    code, _, said = run(cloud, "sleep 1", "--async", "--content-type", "text/csv", "--wait", "0")
    assert code == RUN_FAILED
    assert said.startswith(
        "The endpoint sageline-later has not answered within 0 seconds. The answer will be at s3://re"
    )
    assert ", or why there is none at s3://results/failed/" in said


def test_what_does_not_go_together_is_said(cloud: Cloud) -> None:
    assert run(cloud, "1") == (WRONG_USAGE, "", "The endpoint sageline-later is asynchronous. Add --async.")
    code, _, said = run(cloud, "1", "--async", "--variant", "A")
    assert (code, said) == (WRONG_USAGE, "Asynchronous requests go to no variant by name. Leave out --variant.")
