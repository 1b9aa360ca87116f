"""Models of Sageline's own image: served by the server that is in the image, behind the same pool."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap

import psutil
import pytest

from config import own_image
from local.hosting.connection import Request
from local.hosting.containers import Container
from local.hosting.errors import HostingError
from local.hosting.toolkits import OTHER, OWN, OWN_REPOSITORY, toolkit_of
from local.store.processes import process_alive, process_name
from processing_scripts.prepare import main as prepare
from tests.local.hosting.conftest import Host
from tests.support.jobs import pack, prepare_arguments, training_environment, write_csv
from tests.support.models import REGISTRY, archive
from tests.support.pipelines import ROOT, await_value
from training_scripts.train_baseline import main as train

IMAGE = f"{REGISTRY}/sageline-serving:1"
Chain = tuple[Container, ...]


@pytest.fixture(scope="module")
def chain(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """A model of an archive as training makes them."""
    root = tmp_path_factory.mktemp("trained")
    sizes = [each * 7.31 % 10 for each in range(160)]
    rows = [[round(size, 3), "red" if size % 3 > 1 else "blue", "yes" if size > 5 else "no"] for size in sizes]
    write_csv(root / "in" / "data.csv", ["size", "colour", "y"], rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SM_OUTPUT_DIR", str(root / "output"))
        prepare(prepare_arguments(root / "in", root / "out", "y", "auc", "--kind", "binary"))
        for name, value in training_environment(root / "out", root / "model").items():
            patch.setenv(name, value)
        train([])
    pack(root / "model", root / "model.tar.gz")
    uri = host.put("trained.tar.gz", (root / "model.tar.gz").read_bytes())
    return host.model("trained", {"Image": IMAGE, "ModelDataUrl": uri})


def servers(host: Host, chain: Chain) -> list[psutil.Process]:
    """The processes of the image's server that answer for a model."""
    pid = host.pool.worker(chain[0], host.log).pid
    assert pid is not None
    return [each for each in psutil.Process(pid).children() if "inference.server.worker" in each.cmdline()]


def test_the_image_is_known_by_its_name_in_any_registry() -> None:
    for name in ("sageline-serving", "1.dkr.ecr.x/sageline-serving@sha256:0", "1.dkr.ecr.x/team/sageline-serving:2"):
        assert toolkit_of(name) == OWN
    assert toolkit_of("1.dkr.ecr.x/not-sageline-serving:1") == OTHER
    assert OWN_REPOSITORY == own_image.OWN_REPOSITORY


def test_its_server_answers_raw_rows_and_knows_custom_attributes(host: Host, chain: Chain) -> None:
    reply = host.ask(chain, "9.5,red\n1,blue\n", "text/csv", "application/json")
    assert [each["predicted_label"] for each in json.loads(reply.body)["predictions"]] == ["yes", "no"]
    request = Request(b"9.5,red\n", "text/csv", "", "output=predicted_label")
    assert host.pool.invoke(chain, request, host.log)[1].body == b"yes\n"
    assert len(servers(host, chain)) == 1


def test_what_its_server_refuses_is_refused(host: Host, chain: Chain) -> None:
    reply = host.ask(chain, b"x" * (6 << 20 | 1), "text/csv")
    assert (reply.status, json.loads(reply.body)["error"]) == (
        413,
        "the body is longer than 6 MiB (6291456 bytes); send fewer rows.",
    )
    assert host.ask(chain, "9.5\n", "text/csv").status == 400


def test_a_process_of_its_server_that_is_killed_is_replaced(host: Host, chain: Chain) -> None:
    assert host.ask(chain, "9.5,red\n", "text/csv").status == 200
    (before,) = servers(host, chain)
    before.kill()
    assert host.ask(chain, "9.5,red\n", "text/csv").status == 200
    (after,) = servers(host, chain)
    assert after.pid != before.pid


def test_what_keeps_a_model_from_being_served_is_one_sentence(host: Host) -> None:
    content = archive(**{"manifest.json": "{}"})
    broken = host.model("broken", {"Image": IMAGE, "ModelDataUrl": host.put("broken.tar.gz", content)})
    with pytest.raises(HostingError) as caught:
        host.ask(broken, "1,2", "text/csv")
    said = "manifest.json does not have format version 1; use the code in the archive."
    assert str(caught.value) == f"The model broken cannot be served: {said}"
    workers = {"SAGEMAKER_MODEL_SERVER_WORKERS": "many"}
    wrong = host.model("wrong", {"Image": IMAGE, "ModelDataUrl": "s3://models/broken.tar.gz", "Environment": workers})
    with pytest.raises(HostingError, match="SAGEMAKER_MODEL_SERVER_WORKERS is 'many', and not a number of processes"):
        host.ask(wrong, "1,2", "text/csv")


def test_its_server_goes_with_its_owner_however_that_ends(host: Host, chain: Chain) -> None:
    program = textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from local.hosting.containers import containers
        from local.hosting.pool import pool_of
        from local.store.home import Home
        from local.store.store import Store

        store = Store(Home(Path({str(host.store.home.root)!r})))
        print(pool_of(store).worker(containers(store, "trained")[0], Path({str(host.log)!r})).pid, flush=True)
        time.sleep(60)
    """)
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        first = psutil.Process(int(owner.stdout.readline()))
        names = [process_name(each.pid) for each in (first, *first.children())]
        assert len(names) == 2
        os.kill(owner.pid, signal.SIGKILL)
    for name in names:
        await_value(lambda name=name: not process_alive(name), "the server to end")  # type: ignore[misc]
    assert chain
