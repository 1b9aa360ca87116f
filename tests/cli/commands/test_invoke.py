from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli import asynchronous
from cli.commands.invoke import find_endpoint
from cli.errors import CommandError
from cli.session import Session
from local.store.home import Home
from tests.support.moto.server import Server

CANDIDATE, LIVE = "sageline-breast-cancer", "live-sageline-breast-cancer"


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A place with a problem's two endpoints, and the candidate of another."""
    folder = tmp_path_factory.mktemp("moto")
    with Server("111122223333", "eu-central-1", folder / "server.log") as server:
        sagemaker = server.client("sagemaker")
        sagemaker.create_model(ModelName="any", ExecutionRoleArn="arn:aws:iam::111122223333:role/any")
        variant = {"VariantName": "All", "ModelName": "any", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        sagemaker.create_endpoint_config(EndpointConfigName="any", ProductionVariants=[variant])
        for name in (CANDIDATE, LIVE, "sageline-digits"):
            sagemaker.create_endpoint(EndpointName=name, EndpointConfigName="any")
        yield Session(
            home=Home(folder),
            artifact_bucket="artifacts",
            data_bucket="data",
            poll_seconds=(0, 0),
            connect=server.client,
            ready=lambda *_: "",
            words=" --env dev",
            import_hint="",
        )


@pytest.mark.parametrize(
    ("wanted", "candidate", "found"),
    [
        ("breast_cancer", False, LIVE),
        ("breast_cancer", True, CANDIDATE),
        ("digits", False, "sageline-digits"),
        (CANDIDATE, False, CANDIDATE),
        (CANDIDATE, True, CANDIDATE),
        (LIVE, False, LIVE),
    ],
)
def test_a_problem_stands_for_what_is_live_and_its_candidate_for_what_its_pipeline_deployed(
    session: Session, wanted: str, candidate: bool, found: str
) -> None:
    assert find_endpoint(session, wanted, candidate=candidate) == found


def test_a_candidate_that_is_not_there_is_not_replaced_by_another(session: Session, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as raised:
        find_endpoint(session, "diabetes", candidate=True)
    assert str(raised.value) == (
        "There is no endpoint 'diabetes'. There are live-sageline-breast-cancer, sageline-breast-cancer, "
        "sageline-digits. `sageline run diabetes -p DeployEndpoint=true --env dev` deploys a problem's."
    )


def test_asynchronous_rows_lie_where_a_live_endpoints_callers_may_write(session: Session) -> None:
    place: Any = {"LocationConstraint": "eu-central-1"}
    session.s3.create_bucket(Bucket="artifacts", CreateBucketConfiguration=place)
    asked = asynchronous.ask(session, LIVE, [("1,2\n", "text/csv"), ("3,4\n", "text/csv")], "text/csv")
    keys = [each["Key"] for each in session.s3.list_objects_v2(Bucket="artifacts")["Contents"]]
    assert len(keys) == 2
    assert {key.rpartition("/")[0] for key in keys} == {"sageline-breast-cancer/asynchronous/requests"}
    # moto's endpoints answer so.
    assert asynchronous.answers(session, LIVE, asked, 5) == ['{"default": "response"}'] * 2
