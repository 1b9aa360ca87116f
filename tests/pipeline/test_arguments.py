from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from config.errors import ConfigurationError
from pipeline.arguments import BOOTSTRAP, option, options


def test_an_option_and_its_value_are_two_arguments() -> None:
    assert option("--target", "a b") == ["--target", "a b"]


def test_a_value_that_looks_like_an_option_is_tied_to_its_name() -> None:
    assert options("--missing", ["-999", "?"]) == ["--missing=-999", "--missing", "?"]


def test_a_tied_value_that_is_too_long_is_a_mistake_in_the_configuration() -> None:
    with pytest.raises(ConfigurationError) as caught:
        option("--positive", "-" + "x" * 250)
    assert str(caught.value) == (
        f"The problem has a mistake:\n  positive: {'-' + 'x' * 29!r}… starts with a dash and has 251 characters. "
        "SageMaker takes 245 of such a text: use a shorter one, in the data as well."
    )
    assert len(option("--positive", "-" + "x" * 244)[0]) == 256


def test_what_a_container_runs_fits_into_one_argument() -> None:
    assert len(BOOTSTRAP) <= 256
    assert BOOTSTRAP.splitlines() == [BOOTSTRAP]


def archive(folder: Path, name: str, text: str) -> Path:
    """An archive without a telling ending, as a deployed asset has none."""
    path = folder / "f00.gz"
    with tarfile.open(path, "w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text.encode()))
    return path


def bootstrap(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", BOOTSTRAP, str(path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=path.parent)


def test_the_bundle_is_unpacked_and_its_module_run_with_the_rest_of_the_arguments(tmp_path: Path) -> None:
    text = "import sys\nprint(__name__, sys.argv[1:], sys.path[0])\nsys.exit(3)\n"
    result = bootstrap(archive(tmp_path, "package/module.py", text), "package.module", "--a", "b c")
    name, arguments, folder = result.stdout.strip().replace("['", "|['").replace("']", "']|").split("|")
    assert result.returncode == 3, result.stderr
    assert (name.strip(), arguments) == ("__main__", "['--a', 'b c']")
    assert not Path(folder.strip()).exists(), "the folder is removed when the program ends"


def test_an_archive_that_writes_outside_its_folder_is_refused(tmp_path: Path) -> None:
    result = bootstrap(archive(tmp_path, "../escaped.py", "x = 1\n"), "escaped")
    assert result.returncode != 0
    assert "OutsideDestinationError" in result.stderr
