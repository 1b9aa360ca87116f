"""Executions that are stopped, killed and taken up again."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import psutil
import pytest

from local.engine import launch
from local.store.names import execution_arn
from tests.support.pipelines import PIPELINE, Lab, await_value, definition, output_of, processing
from tests.support.sandboxes import LAB_IN_BOTH

SLOW = (
    "import pathlib,sys,time; out=pathlib.Path(sys.argv[1]); (out/'half').write_text('half')\n"
    "open(sys.argv[2], 'a').write('started\\n'); time.sleep(30)"
)
OUT = "/opt/ml/processing/output/out"
# Writes one file, waits a moment, writes the other: a whole output has both.
PAIR = (
    "import pathlib,sys,time; out=pathlib.Path(sys.argv[1]); (out/'a').write_text('a'); time.sleep(0.15)\n"
    "(out/'b').write_text('b'); open(sys.argv[2], 'a').write(sys.argv[3] + '\\n')"
)


def count(path: Path, line: str) -> int:
    return path.read_text().splitlines().count(line) if path.exists() else 0


def processes_in(lab: Lab) -> list[int]:
    home = str(lab.store.home.root)
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("SAGELINE_JOB_FOLDER", "").startswith(home):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


@LAB_IN_BOTH
def test_stop_ends_what_runs_and_starts_nothing_more(lab: Lab, tmp_path: Path) -> None:
    first = processing("Slow", SLOW, OUT, str(tmp_path / "log"), outputs=("out",))
    execution = lab.create(definition(first, processing("After", "pass", DependsOn=["Slow"])))
    engine = lab.engine(execution.arn)
    await_value(lambda: count(tmp_path / "log", "started"), "the job to start")

    lab.store.executions.request_stop(execution.arn, time.time())
    engine.wait(timeout=20)

    done = lab.ended(execution.arn)
    assert done.execution.status == "Stopped"
    assert done.statuses == {"Slow": "Stopped", "After": "NotExecuted"}
    assert done.steps["After"].reason == "After did not run: the execution stopped."
    assert list(lab.store.objects.list("work")) == []
    assert processes_in(lab) == []
    assert done.summary["status"] == "Stopped"


def test_terminating_the_engine_stops_the_execution(lab: Lab, tmp_path: Path) -> None:
    execution = lab.create(definition(processing("Slow", SLOW, OUT, str(tmp_path / "log"), outputs=("out",))))
    engine = lab.engine(execution.arn)
    await_value(lambda: count(tmp_path / "log", "started"), "the job to start")

    engine.send_signal(signal.SIGTERM)
    engine.wait(timeout=20)

    assert lab.ended(execution.arn).execution.status == "Stopped"


@LAB_IN_BOTH
def test_a_job_that_ignores_the_wish_to_end_is_killed(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = tmp_path / "ready"
    deaf = (
        "import pathlib,signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
    )
    monkeypatch.setenv("SAGELINE_GRACE_SECONDS", "0.3")
    execution = lab.create(definition(processing("Deaf", deaf)))
    engine = lab.engine(execution.arn)
    await_value(ready.exists, "the job to start")

    lab.store.executions.request_stop(execution.arn, time.time())
    engine.wait(timeout=20)

    assert lab.ended(execution.arn).statuses == {"Deaf": "Stopped"}


@LAB_IN_BOTH
def test_after_a_kill_the_execution_resumes_from_its_finished_steps(lab: Lab, tmp_path: Path) -> None:
    log = tmp_path / "log"
    wait = (
        "import pathlib,sys,time; out=pathlib.Path(sys.argv[1]); (out/'half').write_text('half')\n"
        "log=open(sys.argv[2], 'a'); log.write('second\\n'); log.close()\n"
        "if pathlib.Path(sys.argv[3]).exists(): (out/'whole').write_text('whole')\n"
        "else: time.sleep(60)"
    )
    go = tmp_path / "go"
    raw = definition(
        processing("First", PAIR, OUT, str(log), "first", outputs=("out",)),
        processing("Second", wait, OUT, str(log), str(go), inputs={"in": output_of("First", "out")}, outputs=("out",)),
    )
    execution = lab.create(raw)
    engine = lab.engine(execution.arn)
    await_value(lambda: count(log, "second"), "the second job to start")

    engine.kill()
    engine.wait()

    assert [info.key for info in lab.store.objects.list("work")] == [
        "runs/first0000000/First/out/a",
        "runs/first0000000/First/out/b",
    ]
    await_value(lambda: not processes_in(lab), "the job to end with its engine")
    found = launch.reconcile(lab.store, lab.ended(execution.arn).execution)
    assert found.status == "Failed"
    assert (found.failure_reason or "").endswith("Run `sageline resume first0000000` to go on.")

    go.touch()
    done = lab.resume(execution.arn)

    assert done.execution.status == "Succeeded"
    assert (count(log, "first"), count(log, "second")) == (1, 2)
    assert (done.steps["First"].attempt, done.steps["Second"].attempt) == (1, 2)
    assert done.read("Second", "out", "whole") == "whole"
    assert not (lab.store.home.root / "jobs").exists() or list((lab.store.home.root / "jobs").iterdir()) == []


@LAB_IN_BOTH
def test_processes_that_outlived_their_engine_are_ended_on_resume(lab: Lab, tmp_path: Path) -> None:
    log, go = tmp_path / "log", tmp_path / "go"
    # The program's own child, in a session of its own, gets no signal when the engine dies.
    code = (
        "import pathlib,subprocess,sys,time\n"
        "if pathlib.Path(sys.argv[2]).exists(): sys.exit()\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], start_new_session=True)\n"
        "open(sys.argv[1], 'a').write('started\\n'); time.sleep(60)"
    )
    execution = lab.create(definition(processing("Parent", code, str(log), str(go))))
    engine = lab.engine(execution.arn)
    await_value(lambda: count(log, "started"), "the job to start")
    engine.kill()
    engine.wait()
    assert processes_in(lab) != []

    go.touch()
    done = lab.resume(execution.arn)

    assert done.execution.status == "Succeeded"
    assert processes_in(lab) == []


@pytest.mark.parametrize("seed", range(4))
def test_any_kill_at_any_moment_leaves_an_execution_that_resumes(lab: Lab, tmp_path: Path, seed: int) -> None:
    log = tmp_path / "log"
    steps = [processing("S0", PAIR, OUT, str(log), "S0", outputs=("out",))]
    for number in (1, 2):
        before = {"in": output_of(f"S{number - 1}", "out")}
        steps.append(processing(f"S{number}", PAIR, OUT, str(log), f"S{number}", inputs=before, outputs=("out",)))
    execution = lab.create(definition(*steps))
    chance = random.Random(seed)  # noqa: S311 - when to kill is no secret

    for _ in range(3):
        engine = lab.engine(execution.arn)
        time.sleep(chance.uniform(0.1, 0.9))
        engine.kill()
        engine.wait()
        self_consistent(lab)
        current = lab.ended(execution.arn)
        if current.execution.status == "Succeeded":
            break
        lab.store.executions.reopen(execution.arn, time.time())
    done = lab.ended(execution.arn)
    if done.execution.status != "Succeeded":
        lab.engine(execution.arn).wait(timeout=60)
        done = lab.ended(execution.arn)

    assert done.execution.status == "Succeeded", (done.execution.failure_reason, done.statuses)
    assert set(done.statuses.values()) == {"Succeeded"}
    self_consistent(lab, whole=3)


def self_consistent(lab: Lab, whole: int | None = None) -> None:
    """Every output that can be seen is whole, and no step that succeeded lacks its own."""
    seen: dict[str, set[str]] = {}
    for info in lab.store.objects.list("work"):
        folder, _, name = info.key.rpartition("/")
        seen.setdefault(folder, set()).add(name)
    assert all(names == {"a", "b"} for names in seen.values()), seen
    assert whole is None or len(seen) == whole
    for record in lab.store.steps.of(execution_arn(PIPELINE, "first0000000")):
        if record.status == "Succeeded":
            assert record.outputs["out"].removeprefix("s3://work/") in seen


def test_of_two_engines_one_owns_the_execution(lab: Lab, tmp_path: Path) -> None:
    log = tmp_path / "log"
    execution = lab.create(definition(processing("Only", PAIR, OUT, str(log), "only", outputs=("out",))))

    engines = [lab.engine(execution.arn) for _ in range(2)]
    codes = sorted(engine.wait(timeout=30) for engine in engines)

    assert lab.ended(execution.arn).execution.status == "Succeeded"
    assert count(log, "only") == 1
    assert codes == [0, 1]
    text = (lab.store.home.execution(execution.id) / "engine.log").read_text()
    assert "is run by process" in text or "has ended" in text


def test_an_engine_that_lost_its_lease_lets_go(lab: Lab, tmp_path: Path) -> None:
    execution = lab.create(definition(processing("Slow", SLOW, OUT, str(tmp_path / "log"), outputs=("out",))))
    engine = lab.engine(execution.arn)
    await_value(lambda: count(tmp_path / "log", "started"), "the job to start")

    lab.store.database.connection.execute("UPDATE execution SET owner = '1:1@elsewhere'")

    assert engine.wait(timeout=20) == 1
    assert processes_in(lab) == []
    assert lab.ended(execution.arn).execution.owner == "1:1@elsewhere"
    assert lab.ended(execution.arn).execution.status == "Executing"


def test_a_mistake_in_the_engine_fails_the_execution_and_names_the_log(lab: Lab) -> None:
    execution = lab.create({"Version": "2020-12-01", "Steps": [processing("Only", "pass")]})
    # A summary that cannot be written: its place is a folder.
    (lab.store.home.objects / "sageline-laptop-artifacts" / PIPELINE / execution.id / "execution.json").mkdir(
        parents=True
    )

    lab.engine(execution.arn).wait(timeout=20)

    done = lab.ended(execution.arn)
    log = lab.store.home.execution(execution.id) / "engine.log"
    assert done.execution.status == "Failed"
    assert done.execution.failure_reason == f"The engine itself failed; this is a mistake in Sageline. Its log: {log}"
    assert "Traceback" in log.read_text()
