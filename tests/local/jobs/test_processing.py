"""Processing jobs as real processes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from local.jobs.environment import SHIMS
from local.jobs.processing import ProcessingRunner
from tests.support.pipelines import await_value
from tests.support.sandboxes import BENCH_IN_BOTH

if TYPE_CHECKING:
    from tests.local.jobs.conftest import Bench


def request(code: str, *words: str, **members: Any) -> dict[str, Any]:
    return {
        "AppSpecification": {
            "ImageUri": "i",
            "ContainerEntrypoint": ["python3", "-c", code],
            "ContainerArguments": [*words],
        },
        "ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1}},
        **members,
    }


def source(name: str, uri: str) -> dict[str, Any]:
    return {"InputName": name, "S3Input": {"S3Uri": uri, "LocalPath": f"/opt/ml/processing/input/{name}"}}


def target(name: str, folder: str) -> dict[str, Any]:
    place = {"S3Uri": f"s3://work/out/{name}", "LocalPath": f"/opt/ml/processing/{folder}", "S3UploadMode": "EndOfJob"}
    return {"OutputName": name, "S3Output": place}


def outputs(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"ProcessingOutputConfig": {"Outputs": list(entries)}}


@BENCH_IN_BOTH
def test_container_paths_in_arguments_and_environment_lead_to_the_jobs_folder(bench: Bench) -> None:
    code = (
        "import os,pathlib,sys\n"
        "text = pathlib.Path(sys.argv[1], 'a.csv').read_text()\n"
        "text += pathlib.Path(os.environ['OTHER'], 'b.csv').read_text()\n"
        "pathlib.Path(sys.argv[2].partition('=')[2], 'both').write_text(text)"
    )
    bench.put("in/a.csv", "A")
    inputs = [source("folder", "s3://work/in"), source("file", bench.put("b.csv", "B"))]
    state, body = bench.run(
        ProcessingRunner(),
        request(
            code,
            "/opt/ml/processing/input/folder",
            "--out=/opt/ml/processing/out",
            ProcessingInputs=inputs,
            Environment={"OTHER": "/opt/ml/processing/input/file"},
            **outputs(target("result", "out")),
        ),
    )

    assert state.status == "Completed", state.reason
    assert bench.read("out/result/both") == b"AB"
    assert body["ProcessingJobStatus"] == "Completed"
    assert body["ProcessingEndTime"] >= body["ProcessingStartTime"] >= body["CreationTime"]


@BENCH_IN_BOTH
def test_nothing_of_a_failed_job_is_put_out_and_its_message_is_the_reason(bench: Bench) -> None:
    code = (
        "import os,pathlib,sys; pathlib.Path(sys.argv[1], 'half').touch()\n"
        "pathlib.Path(os.environ['SM_OUTPUT_DIR'], 'message').write_text('The target is missing.'); sys.exit(4)"
    )
    state, body = bench.run(ProcessingRunner(), request(code, "/opt/ml/processing/out", **outputs(target("r", "out"))))

    assert (state.status, state.exit, state.reason) == ("Failed", 4, "The target is missing.")
    assert body["FailureReason"] == "The target is missing."
    assert bench.stored() == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise SystemExit(3)", "The program ended with exit code 3 and said nothing."),
        ("print('one'); 1 / 0", "The program ended with exit code 1: ZeroDivisionError: division by zero"),
        ("import os; os.kill(os.getpid(), 9)", "The program was ended by SIGKILL (often: not enough memory)."),
    ],
)
def test_a_job_without_a_message_says_how_it_ended(bench: Bench, code: str, reason: str) -> None:
    state, _ = bench.run(ProcessingRunner(), request(code))

    assert state.reason == reason


def test_a_message_of_a_job_that_succeeded_is_its_exit_message(bench: Bench) -> None:
    code = "import os,pathlib; pathlib.Path(os.environ['SM_OUTPUT_DIR'], 'message').write_text('7 rows left out')"

    assert bench.run(ProcessingRunner(), request(code))[1]["ExitMessage"] == "7 rows left out"


def test_an_input_that_is_not_there_fails_the_job_before_it_runs(bench: Bench) -> None:
    entry = source("data", "s3://work/none/")
    state, _ = bench.run(ProcessingRunner(), request("print('ran')", ProcessingInputs=[entry]))

    assert state.reason == "Input 'data': there is no object at s3://work/none/, and none below it."
    assert not bench.log.exists()


@BENCH_IN_BOTH
def test_a_job_may_change_its_inputs_without_changing_the_objects(bench: Bench) -> None:
    uri = bench.put("data.csv", "kept")
    code = "import pathlib,sys; pathlib.Path(sys.argv[1], 'data.csv').write_text('changed')"
    words = ("/opt/ml/processing/input/data",)
    state, _ = bench.run(ProcessingRunner(), request(code, *words, ProcessingInputs=[source("data", uri)]))

    assert state.status == "Completed"
    assert bench.read("data.csv") == b"kept"


def test_links_and_empty_folders_are_not_put_out(bench: Bench) -> None:
    code = (
        "import os,sys; os.chdir(sys.argv[1])\n"
        "os.makedirs('empty/deep'); os.makedirs('sub'); os.symlink('/etc', 'etc')\n"
        "os.symlink('/etc/passwd', 'sub/passwd'); open('sub/real', 'w').write('x')"
    )
    state, _ = bench.run(ProcessingRunner(), request(code, "/opt/ml/processing/out", **outputs(target("r", "out"))))

    assert state.status == "Completed"
    assert bench.stored() == ["out/r/sub/real"]
    folder = bench.store.objects.root / "work" / "out" / "r"
    assert [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*"))] == ["sub", "sub/real"]


def test_an_output_inside_another_output_is_put_out_in_both(bench: Bench) -> None:
    code = "import os,sys; os.chdir(sys.argv[1]); open('a', 'w').close(); open('train/b', 'w').close()"
    wanted = outputs(target("all", "out"), target("train", "out/train"))
    state, _ = bench.run(ProcessingRunner(), request(code, "/opt/ml/processing/out", **wanted))

    assert state.status == "Completed"
    assert bench.stored() == ["out/all/a", "out/all/train/b", "out/train/b"]


def test_an_output_adds_to_what_its_prefix_holds(bench: Bench) -> None:
    bench.put("out/r/old", "old")
    code = "import pathlib,sys; pathlib.Path(sys.argv[1], 'new').touch()"
    bench.run(ProcessingRunner(), request(code, "/opt/ml/processing/out", **outputs(target("r", "out"))))

    assert bench.stored() == ["out/r/new", "out/r/old"]


def test_outputs_that_cannot_be_put_in_place_leave_nothing(bench: Bench) -> None:
    bench.put("out/second", "an object where a folder must be")
    code = "import pathlib,sys\nfor name in 'ab': pathlib.Path(sys.argv[1], name, 'x').touch()"
    wanted = outputs(target("first", "out/a"), target("second", "out/b"))
    state, _ = bench.run(ProcessingRunner(), request(code, "/opt/ml/processing/out", **wanted))

    assert state.status == "Failed"
    assert "would be both an object and a folder" in (state.reason or "")
    assert bench.stored() == ["out/second"]


@BENCH_IN_BOTH
def test_the_configuration_files_are_the_containers(bench: Bench) -> None:
    code = (
        "import os,pathlib\n"
        "for name in ('processingjobconfig', 'resourceconfig'):\n"
        "    print(pathlib.Path(os.environ['SM_OUTPUT_DIR'], '../config', name + '.json').read_text())"
    )
    bench.run(ProcessingRunner(), request(code, **outputs(target("r", "out"))), name="named-1")

    job, resources = [json.loads(line) for line in bench.text().splitlines()]
    assert job["ProcessingJobName"] == "named-1"
    assert job["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"] == "s3://work/out/r"
    assert (resources["current_host"], resources["hosts"]) == ("algo-1", ["algo-1"])


def test_a_job_sees_a_containers_environment_not_the_engines(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    bench.run(
        ProcessingRunner(), request("import json,os; print(json.dumps(dict(os.environ)))", Environment={"MINE": "1"})
    )

    seen = json.loads(bench.text())
    assert "secret" not in seen.values()
    assert seen["PYTHONPATH"] == str(SHIMS)
    assert (seen["MINE"], seen["AWS_REGION"]) == ("1", "us-east-1")


@BENCH_IN_BOTH
def test_a_job_that_runs_too_long_is_stopped(bench: Bench) -> None:
    limit = {"StoppingCondition": {"MaxRuntimeInSeconds": 0.2}}
    state, _ = bench.run(ProcessingRunner(), request("import time; time.sleep(30)", **limit))

    assert state.status == "Stopped"
    assert state.reason == "The job ran longer than its MaxRuntimeInSeconds (0.2)."


@BENCH_IN_BOTH
def test_what_a_job_started_ends_with_it(bench: Bench) -> None:
    code = "import subprocess,sys; print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid)"
    bench.run(ProcessingRunner(), request(code))

    child = int(bench.text().split()[0])
    await_value(lambda: not _runs(child), "the child to end")


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_prefix_that_the_service_would_read_more_widely_is_pointed_out(bench: Bench) -> None:
    bench.put("train/a", "1")
    bench.put("train-2/b", "2")
    bench.run(ProcessingRunner(), request("pass", ProcessingInputs=[source("data", "s3://work/train")]))

    expected = "[sageline] Input 'data': the service would also deliver train-2; end s3://work/train with /.\n"
    assert bench.text() == expected


def test_the_folder_of_a_job_goes_with_it_unless_it_failed(bench: Bench) -> None:
    runner = ProcessingRunner()
    bench.run(runner, request("pass"), name="good")
    bench.run(runner, request("raise SystemExit(1)"), name="bad")

    assert not bench.store.home.job("good").exists()
    assert bench.store.home.job("bad").is_dir()
    assert f"its folder is kept for a look: {bench.store.home.job('bad')}" in bench.text()


def test_the_description_is_stored_with_its_events(bench: Bench) -> None:
    bench.run(ProcessingRunner(), request("pass"), name="told")

    stored = bench.store.resources.get("ProcessingJob", "told")
    assert stored is not None
    assert (stored.status, stored.body["ProcessingJobStatus"]) == ("Completed", "Completed")
    events = bench.store.events.after()
    assert [event["detail"]["ProcessingJobStatus"] for event in events] == ["InProgress", "Completed"]
    assert events[-1]["detail"]["CreationTime"] == int(stored.body["CreationTime"] * 1000)


@BENCH_IN_BOTH
def test_what_a_program_writes_where_it_starts_stays_with_the_job(bench: Bench) -> None:
    code = "import os; open('written', 'w').close(); print(os.getcwd(), os.path.exists('../written'))"
    bench.run(ProcessingRunner(), request(code))

    if bench.sandbox.name == "namespace":
        assert bench.text() == "/ True\n"
    assert not Path("/written").exists()
    assert not Path("/opt/written").exists()


def manifest(uri: str) -> dict[str, Any]:
    entry = source("data", uri)
    return {"ProcessingInputs": [{**entry, "S3Input": {**entry["S3Input"], "S3DataType": "ManifestFile"}}]}


def test_what_a_manifest_lists_is_delivered_below_its_prefix_and_nothing_else(bench: Bench) -> None:
    for key in ("in/a.csv", "in/more/b.csv", "in/c.csv"):
        bench.put(key, key)
    listed = json.dumps([{"prefix": "s3://work/in/"}, "a.csv", "more/b.csv"])
    code = (
        "import pathlib\n"
        "root = pathlib.Path('/opt/ml/processing/input/data')\n"
        "found = sorted(str(path.relative_to(root)) for path in root.rglob('*') if path.is_file())\n"
        "pathlib.Path('/opt/ml/processing/output/x/found').write_text(' '.join(found))"
    )
    given = {**manifest(bench.put("lists/one", listed)), **outputs(target("x", "output/x"))}
    state, body = bench.run(ProcessingRunner(), request(code, **given))
    assert state.status == "Completed", state.reason
    assert bench.read("out/x/found") == b"a.csv more/b.csv"
    assert body["ProcessingInputs"][0]["S3Input"]["S3DataType"] == "ManifestFile"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "Input 'data': there is no manifest at s3://work/list."),
        ("{", "Input 'data': the manifest at s3://work/list is not JSON."),
        ("[]", "Input 'data': the manifest at s3://work/list does not hold a prefix and then paths below it."),
        ('[{"prefix": "s3://work/in/"}]', "Input 'data': the manifest at s3://work/list does not hold a prefix"),
        ('[{"prefix": "s3://work/in/"}, "../../x"]', "Input 'data': the manifest at s3://work/list does not hold"),
        ('[{"prefix": "s3://work/in/"}, "/etc/passwd"]', "Input 'data': the manifest at s3://work/list does not hold"),
        ('[{"prefix": "s3://work/in/"}, "none"]', "Input 'data': s3://work/in/none, which the manifest lists, cannot"),
        ('[{"prefix": "nowhere/"}, "a"]', "Input 'data': nowhere/a, which the manifest lists, cannot be read"),
    ],
)
def test_a_manifest_that_cannot_be_used_fails_the_job_with_a_reason(bench: Bench, content: Any, reason: str) -> None:
    if content is not None:
        bench.put("list", content)
    state, _ = bench.run(ProcessingRunner(), request("pass", **manifest("s3://work/list")))
    assert state.status == "Failed"
    assert state.reason is not None
    assert state.reason.startswith(reason)
