"""The locked environment of notebooks as wheels in the artifact bucket, since notebooks reach no package index.

`make wheels ENVIRONMENT=dev` fetches them and puts them there; run it after the first deployment, and whenever
requirements/notebook.txt has changed. Each list has a folder of its own, named by its content, so notebooks that were
deployed with an older one go on finding theirs.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from config import ConfigurationError, load_environment
from infra import names

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "notebook.txt"
FOLDER = ROOT / "build" / "wheels"
PYTHON = "3.12"
"""That of the training image as well. Amazon Linux 2023 has it, though not installed; its notebooks come with 3.10."""

# Wheels are tagged with the oldest C library that they run with; Amazon Linux 2023 has 2.34, and all notebooks x86-64.
_PLATFORMS = [
    "linux_x86_64",
    *(f"manylinux{each}_x86_64" for each in ("1", "2010", "2014")),
    *(f"manylinux_2_{minor}_x86_64" for minor in range(5, 35)),
]


def digest(lock: Path = LOCK) -> str:
    """Return the SHA-256 of the list of packages, which notebooks hold what they fetched against."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def prefix(lock: Path = LOCK) -> str:
    """Return where the list's wheels are in the artifact bucket."""
    return f"wheels/{PYTHON}-{digest(lock)[:16]}"


def fetch(lock: Path = LOCK, folder: Path = FOLDER) -> Path:
    """Fetch a wheel of each package of the list, unless they are there, and return their folder.

    Raises:
        subprocess.CalledProcessError: where pip cannot fetch one, which pip has said.
    """
    whole = folder / prefix(lock).rpartition("/")[2]
    if whole.exists():
        return whole
    new = whole.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    platforms = [argument for each in _PLATFORMS for argument in ("--platform", each)]
    # The list is resolved for this Python and platform, so nothing is left for pip to choose.
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--require-hashes", "--python-version", PYTHON, *platforms]
    subprocess.run([*command, "--dest", str(new), "--requirement", str(lock)], check=True)
    shutil.copyfile(lock, new / "requirements.txt")
    new.rename(whole)
    return whole


def publish(environment: str, region: str, folder: Path) -> str:
    """Put a folder of wheels into an environment's artifact bucket, and return its address.

    Raises:
        subprocess.CalledProcessError: where the AWS CLI cannot, which it has said.
    """
    stack = names.stack_name(environment, "data")
    query = "Stacks[0].Outputs[?OutputKey=='ArtifactBucketName'].OutputValue"
    asked = ["cloudformation", "describe-stacks", "--stack-name", stack, "--query", query, "--output", "text"]
    bucket = _aws(region, *asked, capture=True).strip()
    address = f"s3://{bucket}/wheels/{folder.name}"
    _aws(region, "s3", "sync", "--only-show-errors", str(folder), address)
    return address


def _aws(region: str, *arguments: str, capture: bool = False) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    command = [shutil.which("aws", path=path) or "aws", "--region", region, *arguments]
    done = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE if capture else None)
    return done.stdout or ""


def main(arguments: list[str]) -> int:
    """Fetch the wheels, and put them into the bucket of the environment that is named, if one is."""
    try:
        environment = load_environment(arguments[0]) if arguments else None
        folder = fetch()
        print(f"The wheels are in {folder}.")
        if environment is None:
            print("Name the environment to put them there: make wheels ENVIRONMENT=dev")
        else:
            print(f"They are at {publish(environment.name, environment.region, folder)} as well.")
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(f"Stopped: {Path(error.cmd[0]).name} failed, and said why above.", file=sys.stderr)
        return 1
    except FileNotFoundError as error:
        print(f"Stopped: there is no `{error.filename}`. Install the AWS CLI.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
