"""The built-in XGBoost algorithm's serving, on models that XGBoost trained."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xgboost
from sklearn.datasets import load_breast_cancer

from local.hosting.containers import Container
from local.hosting.errors import HostingError
from tests.local.hosting.conftest import Host
from tests.support.models import XGBOOST, archive

ROWS, LABELS = load_breast_cancer(return_X_y=True)


@pytest.fixture(scope="session")
def booster() -> xgboost.Booster:
    return xgboost.train({"objective": "binary:logistic", "max_depth": 3}, xgboost.DMatrix(ROWS, LABELS), 10)


@pytest.fixture(scope="session")
def chain(host: Host, booster: xgboost.Booster, tmp_path_factory: pytest.TempPathFactory) -> tuple[Container, ...]:
    saved: Path = tmp_path_factory.mktemp("model") / "xgboost-model"
    booster.save_model(saved.with_suffix(".ubj"))
    content = archive(**{"xgboost-model": saved.with_suffix(".ubj").read_bytes()})
    return host.model("builtin", {"Image": XGBOOST, "ModelDataUrl": host.put("builtin.tar.gz", content)})


def test_csv_and_libsvm_give_what_the_booster_gives(
    host: Host, chain: tuple[Container, ...], booster: xgboost.Booster
) -> None:
    some = ROWS[:3]
    expected = booster.inplace_predict(some.astype(np.float32))
    text = "\n".join(",".join(map(str, row)) for row in some)
    reply = host.ask(chain, text, "text/csv")
    assert (reply.status, reply.content_type) == (200, "text/csv")
    assert np.array_equal(np.array(reply.body.decode().split(","), dtype=np.float32), expected)
    sparse = "\n".join(" ".join(f"{index}:{value}" for index, value in enumerate(row)) for row in some)
    assert host.ask(chain, sparse, "text/libsvm").body == reply.body
    assert np.allclose(json.loads(host.ask(chain, text, "text/csv", "application/json").body), expected)


@pytest.mark.parametrize(
    ("body", "content_type", "accept", "status", "words"),
    [
        ("1,2,3", "text/csv", "", 400, "3 features where the model takes 30"),
        ("1,a,3", "text/csv", "", 415, "cannot be read as text/csv"),
        ("1,2\n3", "text/csv", "", 415, "different numbers of cells"),
        ("1 40:2", "text/libsvm", "", 400, "41 features"),
        ("", "text/csv", "", 400, "empty"),
        ("{}", "application/json", "", 415, "not supported"),
        ("1,2", "text/csv", "image/png", 406, "image/png"),
    ],
)
def test_bad_requests_are_the_clients_fault(
    host: Host, chain: tuple[Container, ...], body: str, content_type: str, accept: str, status: int, words: str
) -> None:
    reply = host.ask(chain, body, content_type, accept)
    assert reply.status == status
    assert words in json.loads(reply.body)["error"]


def test_a_pickled_model_is_not_loaded(host: Host) -> None:
    content = archive(**{"xgboost-model": b"\x80\x04cos\nsystem\n(S'touch /tmp/owned'\ntR."})
    found = host.model("pickled", {"Image": XGBOOST, "ModelDataUrl": host.put("pickled.tar.gz", content)})
    with pytest.raises(HostingError, match=r"not a model that XGBoost \S+ reads"):
        host.ask(found, "1", "text/csv")
