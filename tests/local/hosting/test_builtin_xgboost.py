"""The built-in XGBoost algorithm's serving, on models that XGBoost trained."""

from __future__ import annotations

import json
import pickle
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


@pytest.mark.parametrize("protocol", [3, 4, 5])
def test_a_booster_that_was_pickled_answers_as_before(host: Host, protocol: int) -> None:
    rows = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 5.0], [3.0, 1.0]])
    booster = xgboost.train({"max_depth": 2}, xgboost.DMatrix(rows, [1.0, 2.0, 3.0, 4.0]), num_boost_round=3)
    content = archive(**{"xgboost-model": pickle.dumps(booster, protocol=protocol)})
    found = host.model(f"old-{protocol}", {"Image": XGBOOST, "ModelDataUrl": host.put("old.tar.gz", content)})

    reply = host.ask(found, "2,5\n0,1", "text/csv")

    expected = booster.predict(xgboost.DMatrix(rows[[2, 0]]))
    assert [float(each) for each in reply.body.decode().split(",")] == pytest.approx(expected.tolist())


def test_a_pickled_booster_whose_state_is_its_model_alone_answers(
    host: Host, booster: xgboost.Booster, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = {"handle": bytes(booster.save_raw("ubj"))}
    with monkeypatch.context() as before:
        before.setattr(xgboost.Booster, "__getstate__", lambda _: state)
        content = archive(**{"xgboost-model": pickle.dumps(booster, protocol=4)})
    found = host.model("before", {"Image": XGBOOST, "ModelDataUrl": host.put("before.tar.gz", content)})

    reply = host.ask(found, ",".join(map(str, ROWS[0])), "text/csv")

    assert float(reply.body) == pytest.approx(float(booster.inplace_predict(ROWS[:1])[0]))


@pytest.mark.parametrize(
    "hostile",
    [
        b"\x80\x04cos\nsystem\n(S'touch OWNED'\ntR.",
        # It names a Booster, and would run a command before its state were read.
        b"\x80\x04cxgboost.core\nBooster\ncos\nsystem\n(S'touch OWNED'\ntR\x8c\x06handleC\x03abc.",
        b"\x80\x04cxgboost.core\nBooster\n\x8c\x06handleC\x03abc.",
        b"\x80\x04cxgboost.core\nBooster\n\x8c\x06handleB\xff\xff\xff\x7fabc",
    ],
)
def test_nothing_is_unpickled(host: Host, tmp_path: Path, hostile: bytes) -> None:
    mark = tmp_path / "owned"
    name = f"pickled-{len(hostile)}"
    content = archive(**{"xgboost-model": hostile.replace(b"OWNED", str(mark).encode())})
    found = host.model(name, {"Image": XGBOOST, "ModelDataUrl": host.put("pickled.tar.gz", content)})
    with pytest.raises(HostingError, match=r"not a model that XGBoost \S+ reads"):
        host.ask(found, "1", "text/csv")
    assert not mark.exists()
