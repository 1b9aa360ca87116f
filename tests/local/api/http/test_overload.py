"""More requests to endpoints than can be answered: refused at once, by the service's word."""

from __future__ import annotations

import functools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from local.api.http import app
from local.api.http.admission import Admission
from tests.support.endpoints import ECHO, Cloud, http_client
from tests.support.http_server import http_server
from tests.support.models import variant


def test_what_comes_beyond_the_limit_is_told_to_come_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "Admission", functools.partial(Admission, 3))
    cloud = Cloud(tmp_path)
    cloud.script("echo", ECHO)
    cloud.endpoint("busy", variant("echo"))
    with http_server(tmp_path) as url:
        cloud.runtime = http_client("sagemaker-runtime", url)

        def ask(_: int) -> str:
            try:
                return cloud.say("busy", "sleep 0.4")
            except ClientError as error:
                headers = error.response["ResponseMetadata"]["HTTPHeaders"]
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                return f"{error.response['Error']['Code']} {status} {headers['retry-after']}"

        with ThreadPoolExecutor(12) as threads:
            asked = threads.map(ask, range(12))
            found = Counter(asked)
        assert set(found) == {"sleep 0.4", "ServiceUnavailable 503 1"}
        assert found["sleep 0.4"] >= 3
        assert cloud.say("busy", "after") == "after"
    cloud.close()
