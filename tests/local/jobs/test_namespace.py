"""A job in a namespace sees the container's folders at their real paths, and nothing else there."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from local.jobs import namespace
from local.jobs.errors import JobError
from local.jobs.namespace import NamespaceSandbox, refusal
from local.jobs.process import JobProcess
from local.jobs.rewriting import RewritingSandbox
from local.jobs.sandboxes import SANDBOX_VARIABLE, choose


@pytest.fixture
def allowed(tmp_path: Path) -> None:
    reason = refusal(tmp_path)
    if reason is not None:
        pytest.skip(reason)


def wait(process: JobProcess) -> int:
    deadline = time.monotonic() + 20
    while (code := process.poll()) is None:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    return code


def names(folder: Path | str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir()) if Path(folder).is_dir() else []


def run(tmp_path: Path, code: str, inside: str = "/opt/ml") -> tuple[int, str]:
    """Run Python code where `inside` is the folder `job`; returns its exit code and output."""
    (tmp_path / "job").mkdir(exist_ok=True)
    log = tmp_path / "log"
    process = NamespaceSandbox().launch(
        ["python3", "-I", "-S", "-c", code], {}, {inside: tmp_path / "job"}, directory=inside, log=log
    )
    return wait(process), log.read_text(encoding="utf-8")


@pytest.mark.usefixtures("allowed")
def test_the_containers_folder_is_the_jobs_and_nothing_leaves_it(tmp_path: Path) -> None:
    before = names("/opt/ml")
    code = "import os; print(os.getcwd(), os.listdir('/opt/ml')); open('/opt/ml/written', 'w').write('x')"
    assert run(tmp_path, code) == (0, "/opt/ml []\n")

    assert (tmp_path / "job" / "written").read_text() == "x"
    assert names("/opt/ml") == before


@pytest.mark.usefixtures("allowed")
def test_a_place_that_is_there_is_covered(tmp_path: Path) -> None:
    (tmp_path / "real" / "ml").mkdir(parents=True)
    (tmp_path / "real" / "ml" / "hidden").touch()
    inside = str(tmp_path / "real" / "ml")
    code = f"import os; print(os.listdir({inside!r})); open('{inside}/mine', 'w').close()"

    assert run(tmp_path, code, inside) == (0, "[]\n")
    assert names(inside) == ["hidden"]


@pytest.mark.usefixtures("allowed")
def test_beside_a_place_that_is_not_there_everything_stays_in_reach(tmp_path: Path) -> None:
    parent = tmp_path / "real"
    (parent / "venv").mkdir(parents=True)
    (parent / "venv" / "inner").write_text("interpreter")
    (parent / "file").write_text("file")
    (parent / "link").symlink_to("venv/inner")
    code = (
        f"import os; os.chdir({str(parent)!r}); print(sorted(os.listdir()), open('link').read(), open('file').read())\n"
        "open('venv/new', 'w').write('kept'); open('ml/mine', 'w').close()"
    )

    # Twice: a place for several programs of one job.
    for _ in range(2):
        code_and_text = run(tmp_path, code, str(parent / "ml"))
        assert code_and_text[0] == 0, code_and_text
    assert code_and_text[1].splitlines()[0] == "['file', 'link', 'ml', 'venv'] interpreter file"
    assert names(parent) == ["file", "link", "venv"]
    assert (parent / "venv" / "new").read_text() == "kept"
    assert (tmp_path / "job" / "mine").exists()


@pytest.mark.usefixtures("allowed")
def test_a_file_can_be_shown_where_the_machine_has_none(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "other").write_text("other")
    (tmp_path / "names").write_text("127.0.0.1 algo-1")
    inside = tmp_path / "real" / "hosts"
    code = f"import os; print(open({str(inside)!r}).read(), sorted(os.listdir({str(inside.parent)!r})))"
    mounts = {"/opt/ml": tmp_path / "job", str(inside): tmp_path / "names"}
    (tmp_path / "job").mkdir()
    log = tmp_path / "log"
    argv = ["python3", "-I", "-S", "-c", code]
    process = NamespaceSandbox().launch(argv, {}, mounts, directory="/opt/ml", log=log)

    assert (wait(process), log.read_text()) == (0, "127.0.0.1 algo-1 ['hosts', 'other']\n")
    assert names(inside.parent) == ["other"]


@pytest.mark.usefixtures("allowed")
def test_a_folder_that_the_machines_root_lacks_is_in_the_jobs(tmp_path: Path) -> None:
    code = "import os; open('mine', 'w').close(); print(os.getcwd(), sorted(os.listdir('/')) != [])"

    assert run(tmp_path, code, "/no-such-folder/ml") == (0, "/no-such-folder/ml True\n")
    assert (tmp_path / "job" / "mine").exists()
    assert not Path("/no-such-folder").exists()


@pytest.mark.usefixtures("allowed")
def test_the_user_stays_who_they_are(tmp_path: Path) -> None:
    code, text = run(tmp_path, "import os; print(os.getuid(), os.getgid(), os.getpgrp() == os.getpid())")

    assert (code, text) == (0, f"{os.getuid()} {os.getgid()} True\n")


@pytest.mark.usefixtures("allowed")
def test_a_place_that_cannot_be_shown_is_an_error_before_the_program(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        run(tmp_path, "pass", str(tmp_path / "none" / "ml"))


@pytest.mark.usefixtures("allowed")
def test_a_refusal_of_the_kernel_is_a_sentence_and_the_log_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(namespace, "_BIND", 1 << 62)
    with pytest.raises(JobError, match="cannot be started"):
        run(tmp_path, "pass")
    assert "The job's folders cannot be shown to it: " in (tmp_path / "log").read_text()


def test_a_refusal_of_the_kernel_leads_to_rewriting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespace, "_NEW_MOUNTS", -1)
    chosen = choose(tmp_path)

    assert isinstance(chosen.sandbox, RewritingSandbox)
    if sys.platform == "linux":
        assert chosen.reason == "the system refuses them (Invalid argument)"
    assert (chosen.difference or "").endswith(f"have no mount namespace here: {chosen.reason}.")
    assert list(tmp_path.iterdir()) == []


def test_a_person_may_ask_for_rewriting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SANDBOX_VARIABLE, "rewriting")

    assert choose(tmp_path).sandbox.name == "rewriting"


def test_an_interpreter_that_would_be_hidden_keeps_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/ml/venv/bin/python")
    monkeypatch.setattr(sys, "platform", "linux")

    assert refusal(tmp_path) == "/opt/ml/venv/bin/python lies below /opt/ml, which jobs would no longer see"
