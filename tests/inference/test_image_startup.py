"""An archive under the start-up of the image: its code is installed by pip without an index, then its hooks called."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import site
import subprocess
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.archive import Archive
from inference.handler import Request

SERVER = Path(__file__).with_name("image_server.py")
# What the toolkit writes beside code that has none of its own.
SETUP = """from setuptools import setup
setup(packages=[''],
      name="serving",
      version='1.0.0',
      include_package_data=True)
"""
MANIFEST = """recursive-include . *
recursive-exclude . __pycache__*
recursive-exclude . *.pyc
recursive-exclude . *.pyo
"""
JSON, CSV = "application/json", "text/csv"
Ask = Callable[..., tuple[int, str, bytes]]


@pytest.fixture(scope="module")
def folder(model_folders: dict[tuple[str, str], Path]) -> Path:
    return model_folders["binary", "xgboost"]


@pytest.fixture(scope="module")
def python(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has the image's packages, and the archive's code as the toolkit installs it."""
    root = tmp_path_factory.mktemp("image")
    venv.EnvBuilder(with_pip=False, symlinks=True).create(root / "venv")
    packages = next((root / "venv").glob("lib/python*/site-packages"))
    (packages / "image.pth").write_text("\n".join(site.getsitepackages()))
    code = root / "code"
    shutil.copytree(folder / "code", code)
    (code / "setup.py").write_text(SETUP)
    (code / "setup.cfg").write_text("[wheel]\nuniversal = 1\n")
    (code / "MANIFEST.in").write_text(MANIFEST)
    interpreter = root / "venv" / "bin" / "python"
    subprocess.run(
        [interpreter, "-m", "pip", "install", "."],
        cwd=code,
        env={"PATH": os.environ["PATH"], "HOME": str(root), "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    return interpreter


@pytest.fixture(scope="module")
def ask(python: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Asks the installed hooks; the process lives as long as the tests."""
    process = subprocess.Popen(
        [python, "-I", SERVER, folder],
        cwd=tmp_path_factory.mktemp("elsewhere"),
        env={"PATH": os.environ["PATH"], "SAGEMAKER_PROGRAM": "serving.py"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    program = json.loads(process.stdout.readline())["program"]
    assert Path(program).is_relative_to(python.parents[1]), "the hooks are those that pip has installed"

    def asked(body: bytes, **headers: str) -> tuple[int, str, bytes]:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        process.stdin.write(json.dumps({"body": base64.b64encode(body).decode(), "headers": given}) + "\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
        told = json.loads(process.stdout.readline())  # type: ignore[union-attr]
        return told["status"], told["type"], base64.b64decode(told["body"])

    yield asked
    process.stdin.close()
    assert process.wait(30) == 0
    process.stdout.close()


def test_the_samples_are_answered_as_in_training(ask: Ask, folder: Path) -> None:
    samples = json.loads((folder / "samples.json").read_text())
    body = json.dumps({"instances": samples["rows"]}).encode()
    status, kind, answer = ask(body, Content_Type=JSON)
    assert (status, kind) == (200, JSON)
    assert json.loads(answer)["predictions"] == samples["predictions"]


@pytest.mark.parametrize("accept", [CSV, JSON, f"{JSON};explain=contributions", "application/jsonlines"])
def test_accept_and_its_parameters_reach_the_handler(
    ask: Ask, archives: dict[tuple[str, str], Archive], accept: str
) -> None:
    status, _, answer = ask(b"9.5,red,\n", Content_Type=CSV, Accept=accept)
    expected = archives["binary", "xgboost"].handler.answer(Request(b"9.5,red,\n", CSV, accept)).body
    assert isinstance(expected, str)
    assert (status, answer) == (200, expected.encode())


@pytest.mark.parametrize(
    ("body", "kind", "accept", "status", "cause"),
    [
        (b"9.5,red\n", CSV, CSV, 400, "a row has 2 cells where the model takes 3"),
        (b"9.5,r\xffd,1\n", CSV, CSV, 400, "not UTF-8"),
        (b"", CSV, CSV, 400, "holds no rows"),
        (b"9.5,red,1", "text/plain", CSV, 415, "the content type text/plain is not served"),
        (b"9.5,red,1", CSV, "image/png", 406, "the answer type image/png is not served"),
    ],
)
def test_bad_input_has_its_own_codes_there_too(
    ask: Ask, body: bytes, kind: str, accept: str, status: int, cause: str
) -> None:
    found, _, answer = ask(body, Content_Type=kind, Accept=accept)
    assert found == status
    assert cause in json.loads(answer)["error"]


def test_custom_attributes_are_found_though_hooks_are_not_given_them(ask: Ask) -> None:
    _, _, answer = ask(b"9.5,red,\n", Content_Type=CSV, X_Amzn_SageMaker_Custom_Attributes="explain=contributions")
    assert "explanation" in json.loads(answer)["predictions"][0]


def test_binary_bodies_reach_the_handler_as_bytes(ask: Ask) -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.array([["9.5", "red", ""]]))
    assert ask(buffer.getvalue(), Content_Type="application/x-npy", Accept=CSV)[0] == 200
