"""What a worker is started with: its container's folders, filled, and its environment."""

from __future__ import annotations

from pathlib import Path

from local.hosting.containers import PROGRAM, SUBMIT_DIRECTORY, Container
from local.hosting.toolkits import OWN
from local.jobs.environment import base_environment
from local.jobs.errors import JobError
from local.jobs.images import read_image
from local.jobs.inputs import deliver
from local.jobs.own_images import hosting_environment_of
from local.jobs.process import JobProcess
from local.jobs.sandbox import Sandbox
from local.store.objects import split_uri
from local.store.store import Store
from local.store.trees import regular_files

INSIDE = "/opt/ml"
FAILURE = "failure"
"""The file, in a worker's folder, in which it says why it does not serve."""
_ROOT = Path(__file__).resolve().parents[2]
# The project comes last on the path: the code inside an archive has packages of the same names.
_START = f"import sys;sys.path.append({str(_ROOT)!r});from local.hosting.worker.__main__ import main;main(sys.argv[1:])"


def prepare(store: Store, container: Container, folder: Path, socket: Path) -> list[str]:
    """Fill a worker's folder, and return the worker's arguments with the container's paths.

    Raises:
        JobError, ObjectError: what the container names is not there.
    """
    for name in ("opt/ml/model", "opt/ml/code", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    arguments = ["--toolkit", container.toolkit, "--socket", str(socket)]
    arguments += ["--model", f"{INSIDE}/model", "--code", f"{INSIDE}/code"]
    arguments += ["--failure", str(folder / FAILURE), "--folder", str(folder)]
    if container.data and container.packed:
        arguments += ["--archive", str(_object(store, container.data))]
    elif container.data:
        deliver(store.objects, container.data, folder / "opt" / "ml" / "model", "The model's data")
    submitted = _submitted(store, container, folder)
    return [*arguments, *(["--submitted", submitted] if submitted else [])]


def launch(container: Container, folder: Path, arguments: list[str], sandbox: Sandbox, log: Path) -> JobProcess:
    """Start a worker; the caller's thread must live as long as it may."""
    environment = {
        **base_environment(folder, threads=1),
        "SM_MODEL_DIR": f"{INSIDE}/model",
        **dict(container.environment),
        # In the container of our own there is what is here.
        **(hosting_environment_of(read_image(container.image)) if container.toolkit != OWN else {}),
        "OMP_NUM_THREADS": "1",
    }
    argv = ["python3", "-c", _START, *arguments]
    return sandbox.launch(argv, environment, {INSIDE: folder / "opt" / "ml"}, directory=INSIDE, log=log)


def _submitted(store: Store, container: Container, folder: Path) -> str:
    """Return where the code lies if not in the model archive: as it is inside, or brought from S3."""
    environment = dict(container.environment)
    directory = environment.get(SUBMIT_DIRECTORY, "").removeprefix("file://")
    if not environment.get(PROGRAM) or not directory.startswith("s3://"):
        return directory
    place = folder / "submitted"
    deliver(store.objects, directory, place, "The code archive")
    files = regular_files(place)
    return str(place / files[0] if len(files) == 1 else place)


def _object(store: Store, uri: str) -> Path:
    path = store.objects.path(*split_uri(uri))
    if not path.is_file():
        message = f"there is no model archive at {uri}."
        raise JobError(message)
    return path
