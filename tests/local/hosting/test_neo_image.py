"""Neo's own image on the laptop: it serves what a compilation has made, by the contract of the image."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import xgboost

from inference.compiler import Target, compile_model
from local.hosting.containers import Container
from local.hosting.errors import HostingError
from local.hosting.toolkits import toolkit_of
from local.hosting.worker import neo
from local.hosting.worker.answers import LoadError
from tests.local.hosting.conftest import Host
from tests.support.models import archive

IMAGE = "802834080501.dkr.ecr.eu-west-1.amazonaws.com/xgboost-neo:latest"
ROWS = np.random.default_rng(2).normal(size=(300, 3)).astype(np.float32)
ROWS[::7, 1] = np.nan


def booster(objective: str, labels: np.ndarray[tuple[int], np.dtype[np.int64]], **more: int) -> xgboost.Booster:
    settings = {"objective": objective, "max_depth": 3, "seed": 1, **more}
    return xgboost.train(settings, xgboost.DMatrix(ROWS, labels), 4)


BINARY = booster("binary:logistic", (ROWS[:, 0] > 0).astype(np.int64))
CLASSES = booster("multi:softprob", np.digitize(ROWS[:, 0], [-0.5, 0.5]), num_class=3)


def compiled(model: xgboost.Booster, folder: Path) -> Path:
    """The files of a compiled model, as a compilation job packs them."""
    (folder / "source").mkdir(parents=True)
    model.save_model(folder / "source" / "model.json")
    compile_model(folder / "source", folder / "compiled", Target("LINUX", "X86_64"))
    return folder / "compiled"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(BINARY, tmp_path_factory.mktemp("neo"))


@pytest.fixture(scope="module")
def chain(host: Host, folder: Path) -> tuple[Container, ...]:
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    return host.model("compiled", {"Image": IMAGE, "ModelDataUrl": host.put("compiled.tar.gz", archive(**files))})


def as_csv(rows: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> str:
    return "".join(",".join(f"{value:.9g}" for value in row) + "\n" for row in rows.tolist())


def test_the_image_is_known_by_its_name_wherever_it_lies() -> None:
    assert toolkit_of(IMAGE) == "neo"
    assert toolkit_of(IMAGE.replace("xgboost-neo:latest", "sagemaker-xgboost:1.3-1")) == "xgboost"


def test_it_answers_the_scores_of_all_rows_in_one_line_of_csv(host: Host, chain: tuple[Container, ...]) -> None:
    expected = BINARY.inplace_predict(ROWS[:9])
    reply = host.ask(chain, as_csv(ROWS[:9]), "text/csv", "application/json")
    assert (reply.status, reply.content_type, reply.body.count(b"\n")) == (200, "text/csv", 1)
    assert np.array(reply.body.decode().split(","), dtype=np.float64).astype(np.float32).tolist() == expected.tolist()
    sparse = "\n".join(
        " ".join(f"{index}:{value:.9g}" for index, value in enumerate(row) if not np.isnan(value)) for row in ROWS[:9]
    )
    assert host.ask(chain, sparse, "text/libsvm").body == reply.body


def test_rows_may_lack_their_last_features(host: Host, chain: tuple[Container, ...]) -> None:
    narrow = ROWS[:5].copy()
    narrow[:, 2] = np.nan
    assert host.ask(chain, as_csv(narrow[:, :2]), "text/csv").body == host.ask(chain, as_csv(narrow), "text/csv").body


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ("1,2,3,4", "text/csv", "4 features where the model takes 3"),
        ("1,,3", "text/csv", "cannot be read as text/csv"),
        ("1,2,3\n4", "text/csv", "cannot be read as text/csv"),
        ("5", "text/csv", "cannot be read as text/csv"),
        ("1 a:2", "text/libsvm", "cannot be read as text/libsvm"),
        ("1", "text/libsvm", "there are no entries"),
        ("1,2,3", "text/csv; charset=utf-8", "ClientError: Invalid content type text/csv; charset=utf-8"),
        ("{}", "application/json", "ClientError: Invalid content type application/json"),
        ("1,2,3", "", "ClientError: Invalid content type (none)"),
    ],
)
def test_what_it_does_not_take_is_refused(
    host: Host, chain: tuple[Container, ...], body: str, kind: str, words: str
) -> None:
    reply = host.ask(chain, body, kind)
    assert reply.status == 400
    assert words in json.loads(reply.body)["error"]


def test_a_model_of_several_classes_answers_a_line_for_each_row(tmp_path: Path) -> None:
    predict = neo.load(compiled(CLASSES, tmp_path))
    answer = predict(as_csv(ROWS[:4]).encode(), "text/csv", "")
    lines = [line.split(",") for line in answer.body.decode().splitlines()]
    found = np.array(lines, dtype=np.float64).astype(np.float32)
    assert found.tolist() == CLASSES.inplace_predict(ROWS[:4]).tolist()


def test_what_was_compiled_for_another_machine_is_built_of_its_source(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "other")
    described = tmp_path / "other" / "compiled.json"
    facts = json.loads(described.read_text())
    described.write_text(json.dumps({**facts, "target": {"os": "LINUX", "arch": "ARM_EABI"}}))
    (tmp_path / "other" / "compiled.so").write_bytes(b"another machine's")
    body = as_csv(ROWS[:4]).encode()
    assert neo.load(tmp_path / "other")(body, "text/csv", "") == neo.load(folder)(body, "text/csv", "")


def test_what_the_laptop_has_not_compiled_is_not_served_and_the_reason_told(host: Host, tmp_path: Path) -> None:
    data = host.put("elsewhere.tar.gz", archive(**{"compiled.so": "", "compiled.meta": "{}"}))
    chain = host.model("elsewhere", {"Image": IMAGE, "ModelDataUrl": data})
    with pytest.raises(HostingError, match=r"holds no compiled.json, as compilations on the laptop write it"):
        host.ask(chain, "1,2,3", "text/csv")
    (tmp_path / "compiled.json").write_text('{"width": 1, "outputs": 1, "target": {"os": "LINUX", "arch": "X86_64"}}')
    (tmp_path / "compiled.so").write_bytes(b"no library")
    with pytest.raises(LoadError, match="What was compiled cannot be run here"):
        neo.load(tmp_path)
