"""Jobs on several hosts, whose engine is killed."""

from __future__ import annotations

from pathlib import Path

import psutil

from local.store.home import host_log
from tests.support.pipelines import Lab, await_value, definition, processing


def test_every_host_ends_with_its_engine_and_runs_again_after(tmp_path: Path) -> None:
    lab = Lab.at(tmp_path)
    code = (
        "import os,sys,time,pathlib; print(os.getpid(), flush=True)\n"
        "time.sleep(float(pathlib.Path(sys.argv[1]).read_text()))"
    )
    resources = {"ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 30}}
    step = processing(
        "Wait",
        code,
        "/opt/ml/processing/input/wait/wait",
        inputs={"wait": lab.put("wait", "60")},
        request={"ProcessingResources": resources},
    )
    execution = lab.create(definition(step))
    engine = lab.engine(execution.arn)
    lab.await_step(execution.arn, "Wait")
    log = lab.store.home.step_log(execution.id, "Wait")
    logs = [host_log(log, name) for name in ("algo-1", "algo-2")]

    def started() -> list[int] | None:
        texts = [path.read_text() if path.is_file() else "" for path in logs]
        return [int(text.split()[0]) for text in texts] if all(text.endswith("\n") for text in texts) else None

    pids = await_value(started, "both hosts to start")
    engine.kill()
    engine.wait()
    await_value(lambda: not any(psutil.pid_exists(pid) for pid in pids), "both hosts to end")

    lab.put("wait", "0")
    assert lab.resume(execution.arn).statuses == {"Wait": "Succeeded"}
    assert all(path.read_text().count("\n") >= 2 for path in logs)
