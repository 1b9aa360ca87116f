from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infra.functions.find_captured import MOST_FILES, newest
from local.client import client
from local.functions.invoke import invoke
from local.functions.manifest import Function, register
from local.functions.process import request_id
from local.store.home import Home
from local.store.store import Store
from tests.support.captured import captured_key

FILE = Path(__file__).parents[3] / "infra" / "functions" / "find_captured.py"
STAND_IN = "s3://assets/code/abc.gz"
MANIFEST = "s3://artifacts/sageline-two/0abc/FindCaptured/manifest.json"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Home(tmp_path / "home"))


def ask(store: Store, **event: Any) -> Any:
    """Invoke the function as it is deployed, in a process of its own."""
    function = register(store, Function("find-captured", FILE, "find_captured.handler"), now=0.0)
    given = {
        "CapturedDataUri": "s3://captured/two/",
        "Days": 2,
        "Until": "2026-11-20T12:30:00Z",
        "ManifestUri": MANIFEST,
        "StandIn": STAND_IN,
        **event,
    }
    return invoke(store, function, given, request=request_id("test")).wait()


def listed(store: Store, **event: Any) -> Any:
    outcome = ask(store, **event)
    assert outcome.error is None, outcome.error
    bucket, _, key = MANIFEST.removeprefix("s3://").partition("/")
    found = json.loads(client("s3", store.home.root).get_object(Bucket=bucket, Key=key)["Body"].read())
    assert outcome.payload["ManifestUri"] == MANIFEST
    return outcome.payload["Files"], found


def put(store: Store, *keys: str) -> None:
    for key in keys:
        store.objects.put("captured", key, b"{}")


def test_it_lists_every_endpoints_and_variants_files_of_the_last_days_and_no_others(store: Store) -> None:
    inside = [
        captured_key("live", 1, "2026/11/20"),
        captured_key("live", 2, "2026/11/19"),
        captured_key("live", 3, "2026/11/18").replace("/10/", "/12/"),
        captured_key("other", 4, "2026/11/19").replace("AllTraffic", "Second"),
    ]
    outside = [
        captured_key("live", 5, "2026/11/18"),
        captured_key("live", 6, "2026/11/21"),
        captured_key("live", 7, "2026/11/20").replace("/10/", "/13/"),
        captured_key("live", 8, "2025/11/20"),
    ]
    put(store, *(f"two/{key}" for key in [*inside, *outside]), f"two_more/{inside[0]}")
    files, (prefix, *keys) = listed(store)
    assert (files, prefix, keys) == ("4", {"prefix": "s3://captured/two/"}, sorted(inside))


def test_where_nothing_was_captured_a_file_stands_in_that_is_there(store: Store) -> None:
    store.objects.create_bucket("captured")
    assert listed(store) == ("0", [{"prefix": "s3://assets/code/"}, "abc.gz"])
    assert listed(store, Until="now")[0] == "0"


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ({"Days": 0}, "Days is 0: give 1 to 31."),
        ({"Days": 32}, "Days is 32: give 1 to 31."),
        ({"Until": "yesterday"}, "Until is 'yesterday': give 'now' or a moment such as 2026-11-20T12:00:00Z."),
    ],
)
def test_what_it_cannot_look_for_is_said(store: Store, event: dict[str, Any], sentence: str) -> None:
    assert sentence in str(ask(store, **event).error)


def test_of_very_many_files_the_newest_are_listed() -> None:
    old = [f"two/a/V/2026/11/18/10/{number:04}" for number in range(MOST_FILES)]
    new = [f"two/{endpoint}/V/2026/11/19/10/0" for endpoint in ("a", "z")]
    assert newest(sorted([*old, *new])) == sorted([*old[2:], *new])
