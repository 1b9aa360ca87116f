"""The program that installs the locked environment, run as on a notebook, with pip, Git, the AWS CLI and S3."""

from __future__ import annotations

import hashlib
import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest

from infra.constructs.notebook_lifecycle import PROGRAMS
from tests.support.aws_server import aws_server
from tests.support.wheels import listed, wheel

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
BUCKET = "artifacts"
WHEELS = f"s3://{BUCKET}/wheels/1"
URL = "https://git-codecommit.eu-central-1.amazonaws.com/v1/repos/models"
# Builds the editable install of a repository without a build tool from anywhere.
BACKEND = """
import zipfile
from pathlib import Path

def build_editable(folder, settings=None, metadata=None):
    assert settings == {"editable_mode": "compat"}, settings
    name = "models-1-py3-none-any.whl"
    with zipfile.ZipFile(Path(folder, name), "w") as archive:
        archive.writestr("models.pth", str(Path.cwd()))
        archive.writestr("models-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: models\\nVersion: 1\\n")
        tags = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        archive.writestr("models-1.dist-info/WHEEL", tags)
        archive.writestr("models-1.dist-info/RECORD", "")
    return name
"""

INTERPRETER = """\
#!/bin/sh
if [ "$1 $2" = "-m venv" ] && [ -e "{first}" ]; then
  mkdir -p "$(dirname "$3")" && exec cp -al "{first}" "$3"
fi
"{python}" "$@" || exit
if [ "$1 $2" = "-m venv" ]; then cp -al "$3" "{first}"; fi
"""


class Instance(NamedTuple):
    """A notebook instance's disk, and what its programs find around them."""

    home: Path
    aws: dict[str, str]

    @property
    def work(self) -> Path:
        return self.home / "SageMaker"

    @property
    def notice(self) -> str:
        return (self.work / "SAGELINE-SETUP-FAILED.txt").read_text(encoding="utf-8")

    def install(self, list_: Path, **other: str) -> int:
        """Run the program and return its exit code."""
        settings = {
            "CLONE_TRIES": "0",
            "LOCK_SHA256": hashlib.sha256(list_.read_bytes()).hexdigest(),
            "PACKAGES": "wheels",
            "PYTHON_VERSION": PYTHON,
            "REGION": "eu-central-1",
            "REPOSITORY_URL": "",
            "WHEELS_URI": WHEELS,
            "WORK": str(self.work),
            **other,
        }
        programs = self.home / "programs"
        shutil.copytree(PROGRAMS, programs, dirs_exist_ok=True)
        lines = "".join(f"{name}={shlex.quote(value)}\n" for name, value in settings.items())
        (programs / "settings.sh").write_text(lines, encoding="utf-8")
        command = ["/bin/bash", str(programs / "install.sh")]
        return subprocess.run(command, env=self.aws, check=False, timeout=240).returncode

    def kernel(self, code: str) -> str:
        """Run a line of Python as the kernel would, and return what it prints."""
        file = self.home / ".local/share/jupyter/kernels/sageline/kernel.json"
        said = json.loads(file.read_text(encoding="utf-8"))
        assert said["argv"][1:] == ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return subprocess.check_output([said["argv"][0], "-c", code], text=True).strip()


@pytest.fixture(scope="module")
def aws() -> Iterator[dict[str, str]]:
    with aws_server() as environment:
        place = {"LocationConstraint": "eu-central-1"}
        s3(environment).create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
        yield environment


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notebook's Python, which makes an environment once: seven seconds of a processor. Others are its copies."""
    folder = tmp_path_factory.mktemp("tools")
    program = folder / f"python{PYTHON}"
    program.write_text(INTERPRETER.format(python=sys.executable, first=folder / "first"), encoding="utf-8")
    program.chmod(0o755)
    return folder


@pytest.fixture
def instance(tmp_path: Path, aws: dict[str, str], tools: Path) -> Instance:
    (tmp_path / "home" / "SageMaker").mkdir(parents=True)
    return Instance(tmp_path / "home", {**aws, "PATH": f"{tools}:{aws['PATH']}"})


def publish(instance: Instance, folder: Path) -> Path:
    """Put two wheels and their list into the bucket, and return the list."""
    wheels = [wheel(folder, "alpha"), wheel(folder, "beta", "2.0")]
    list_ = folder / "requirements.txt"
    list_.write_text(listed(*wheels), encoding="utf-8")
    upload(instance, folder)
    return list_


def upload(instance: Instance, folder: Path) -> None:
    remove(instance)
    for path in folder.iterdir():
        s3(instance.aws).put_object(Bucket=BUCKET, Key=f"wheels/1/{path.name}", Body=path.read_bytes())


def remove(instance: Instance) -> None:
    for each in s3(instance.aws).list_objects_v2(Bucket=BUCKET).get("Contents", ()):
        s3(instance.aws).delete_object(Bucket=BUCKET, Key=each["Key"])


def s3(aws: dict[str, str]) -> Any:
    return boto3.client(
        "s3",
        region_name="eu-central-1",
        endpoint_url=aws["AWS_ENDPOINT_URL"],
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106 - moto asks for any
    )


def clone(instance: Instance, url: str) -> Path:
    """Do what SageMaker does with an associated repository."""
    folder = instance.work / "any-name"
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    subprocess.run(["git", "-C", str(folder), "remote", "add", "origin", url], check=True)
    return folder


def test_the_wheels_of_the_list_become_a_kernel_and_stay(instance: Instance, tmp_path: Path) -> None:
    list_ = publish(instance, tmp_path / "wheels")
    assert instance.install(list_) == 0
    assert instance.kernel("import alpha, beta; print(alpha.VERSION, beta.VERSION)") == "1.0 2.0"
    assert not (instance.work / ".sageline" / "fetched").exists()

    shutil.rmtree(instance.home / ".local")  # what is not on the disk that stays
    remove(instance)
    assert instance.install(list_) == 0
    assert instance.kernel("import beta; print(beta.VERSION)") == "2.0"


def test_an_environment_that_was_cut_short_is_made_anew(instance: Instance, tmp_path: Path) -> None:
    list_ = publish(instance, tmp_path / "wheels")
    assert instance.install(list_) == 0
    (marker,) = instance.work.glob(".sageline/environments/*/.complete")
    marker.unlink()
    (marker.parent / "left over").touch()
    assert instance.install(list_) == 0
    assert marker.exists()
    assert not (marker.parent / "left over").exists()


def test_a_wheel_that_is_not_the_one_of_the_list_is_refused(instance: Instance, tmp_path: Path) -> None:
    list_ = publish(instance, tmp_path / "wheels")
    (tmp_path / "wheels" / "alpha-1.0-py3-none-any.whl").write_bytes(
        wheel(tmp_path / "other", "alpha").read_bytes() + b" "
    )
    upload(instance, tmp_path / "wheels")
    assert instance.install(list_) == 1
    assert instance.notice.startswith(f"The wheels at {WHEELS} are not those of the list. Mend them with: make wheels")
    assert not list(instance.work.glob(".sageline/environments/*/.complete"))


def test_a_list_that_is_not_the_deployed_one_is_refused(instance: Instance, tmp_path: Path) -> None:
    list_ = publish(instance, tmp_path / "wheels")
    deployed = tmp_path / "deployed.txt"
    deployed.write_text(list_.read_text("utf-8") + "# another\n", encoding="utf-8")
    assert instance.install(deployed) == 1
    assert instance.notice.startswith(f"The list of packages at {WHEELS} is not the one that was deployed.")


def test_wheels_that_are_not_there_yet_are_asked_for_and_found_later(instance: Instance, tmp_path: Path) -> None:
    list_ = publish(instance, tmp_path / "wheels")
    missing = {"WHEELS_URI": f"s3://{BUCKET}/wheels/none"}
    assert instance.install(list_, **missing) == 1
    assert "make wheels" in instance.notice
    assert instance.install(list_) == 0
    assert not (instance.work / "SAGELINE-SETUP-FAILED.txt").exists()


def test_a_python_that_is_missing_is_named_with_where_it_comes_from(instance: Instance, tmp_path: Path) -> None:
    list_ = publish(instance, tmp_path / "wheels")
    assert instance.install(list_, PYTHON_VERSION="3.0") == 1
    assert instance.notice.startswith(
        "There is no Python 3.0. dnf brings it from Amazon Linux's bucket al2023-repos-eu-"
    )


def test_the_clone_of_the_repository_can_be_imported_as_it_stands(instance: Instance, tmp_path: Path) -> None:
    list_ = publish(instance, tmp_path / "wheels")
    folder = clone(instance, URL)
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n', encoding="utf-8"
    )
    (folder / "backend.py").write_text(BACKEND, encoding="utf-8")
    (folder / "churn.py").write_text("GOAL = 'stay'\n", encoding="utf-8")
    assert instance.install(list_, REPOSITORY_URL=URL, CLONE_TRIES="1") == 0
    assert instance.kernel("import churn; print(churn.GOAL)") == "stay"


def test_a_repository_that_was_not_cloned_leaves_the_packages(instance: Instance, tmp_path: Path) -> None:
    list_ = publish(instance, tmp_path / "wheels")
    clone(instance, "https://git-codecommit.eu-central-1.amazonaws.com/v1/repos/other")
    assert instance.install(list_, REPOSITORY_URL=URL) == 0
    log = (instance.work / ".sageline" / "setup.log").read_text(encoding="utf-8")
    assert f"There is no clone of {URL} in {instance.work}." in log
    assert instance.kernel("import alpha; print(alpha.VERSION)") == "1.0"


def test_the_index_is_asked_for_what_the_repository_lists(instance: Instance, tmp_path: Path) -> None:
    alpha = wheel(tmp_path / "index", "alpha")
    folder = clone(instance, URL)
    (folder / "requirements").mkdir()
    list_ = folder / "requirements" / "notebook.txt"
    list_.write_text(listed(alpha), encoding="utf-8")
    instance.aws.update({"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(alpha.parent)})
    assert instance.install(list_, PACKAGES="index", REPOSITORY_URL=URL, CLONE_TRIES="1") == 0
    assert instance.kernel("import alpha; print(alpha.VERSION)") == "1.0"


def test_the_index_without_a_list_is_refused(instance: Instance, tmp_path: Path) -> None:
    clone(instance, URL)
    anything = tmp_path / "any.txt"
    anything.touch()
    assert instance.install(anything, PACKAGES="index", REPOSITORY_URL=URL, CLONE_TRIES="1") == 1
    assert instance.notice.startswith(
        f"A clone of {URL} with requirements/notebook.txt, the list of packages, is missing."
    )
