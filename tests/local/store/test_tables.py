"""Resources, steps, events, cached steps, digests and the database below them."""

from __future__ import annotations

import os
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from local.store.cache import CachedStep
from local.store.database import Database, StateError
from local.store.digests import Digests
from local.store.home import DEFAULT_HOME, Home
from local.store.migrations import MIGRATIONS
from local.store.steps import StepRecord
from local.store.store import Store
from tests.local.store.test_executions import create


def test_a_resource_keeps_its_creation_when_it_changes(store: Store) -> None:
    store.resources.put("Pipeline", "p", "arn:p", {"a": 1}, now=1.0)
    changed = store.resources.put("Pipeline", "p", "arn:p", {"a": 2}, now=2.0, status="Active")

    assert (changed.created, changed.modified, changed.body, changed.status) == (1.0, 2.0, {"a": 2}, "Active")
    assert store.resources.by_arn("arn:p") == changed
    assert [found.name for found in store.resources.list("Pipeline")] == ["p"]


def test_tags_go_with_their_resource(store: Store) -> None:
    store.resources.put("Pipeline", "p", "arn:p", {}, now=1.0)
    store.resources.tag("arn:p", {"b": "2", "a": "1"})
    store.resources.untag("arn:p", ["b", "none"])
    assert store.resources.tags("arn:p") == {"a": "1"}

    assert store.resources.delete("Pipeline", "p")
    assert not store.resources.delete("Pipeline", "p")
    assert store.resources.tags("arn:p") == {}


def test_a_step_comes_back_as_it_was_saved(store: Store) -> None:
    create(store)
    record = StepRecord(
        "arn",
        "Train",
        1,
        "Training",
        status="Succeeded",
        attempt=2,
        cache={"result": "miss"},
        outcome=False,
        job={"name": "j"},
        outputs={"model": "s3://b/m"},
        metrics={"auc": [[0.5, 0.9]]},
    )
    store.steps.save(record, replace(record, name="Prepare", position=0))

    assert store.steps.get("arn", "Train") == record
    assert [found.name for found in store.steps.of("arn")] == ["Prepare", "Train"]
    assert [found.name for found in store.steps.by_job("j")] == ["Train", "Prepare"]


def test_events_have_eventbridges_shape(store: Store) -> None:
    store.events.record("Kind", {"a": 1}, ["arn:r"], now=0.0)
    store.events.record("Kind", {"a": 2}, [], now=1.0, source="own")

    first, second = store.events.after()
    assert first["time"] == "1970-01-01T00:00:00Z"
    assert (first["source"], first["detail-type"], first["resources"]) == ("aws.sagemaker", "Kind", ["arn:r"])
    assert second["source"] == "own"
    assert store.events.after(int(first["id"])) == [second]


def cached(key: str, pipeline: str, created: float) -> CachedStep:
    return CachedStep(key, "arn", pipeline, "Train", created, {"i": 1}, {"o": {"uri": "u"}}, {}, {"m": [[0, 1]]}, None)


def test_the_newest_cached_result_is_that_of_its_own_pipeline(store: Store) -> None:
    for result in (cached("1", "p", 1.0), cached("2", "p", 2.0), cached("3", "q", 3.0)):
        store.cache.put(result)

    assert store.cache.latest("p", "Train") == cached("2", "p", 2.0)
    store.cache.evict("2")
    assert store.cache.get("2") is None
    assert store.cache.latest("p", "Train") == cached("1", "p", 1.0)


def test_digests_are_remembered_until_the_file_changes(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("one")
    os.utime(file, (1000, 1000))
    digests = Digests(store.database)
    first = digests.sha256(file)
    store.database.connection.execute("UPDATE digest SET sha256 = 'remembered'")
    assert digests.sha256(file) == "remembered"

    file.write_text("two")
    assert digests.sha256(file) not in ("remembered", first)


def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    def half() -> None:
        with store.database.transaction():
            store.resources.put("Pipeline", "p", "arn:p", {}, now=1.0)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()

    assert store.resources.get("Pipeline", "p") is None


def test_many_threads_and_stores_write_at_once(store: Store) -> None:
    def write(number: int) -> None:
        mine = Store(store.home)
        for index in range(20):
            mine.resources.put("Kind", f"{number}-{index}", f"arn:{number}-{index}", {}, now=1.0)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(store.resources.list("Kind")) == 80


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    database = Database(tmp_path / "state.db")
    database.connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")

    with pytest.raises(StateError, match="written by a newer version of Sageline"):
        Database(tmp_path / "state.db")


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_text("not a database, and longer than its header would be" * 100)

    with pytest.raises(StateError, match="is not a state file that can be read"):
        Database(tmp_path / "state.db")


def test_a_state_file_that_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "state.db").mkdir()

    with pytest.raises(StateError, match=r"cannot be opened .* choose another home with --home"):
        Database(tmp_path / "state.db")


def test_a_home_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StateError, match="cannot be made: Not a directory"):
        Database(tmp_path / "file" / "home" / "state.db")


def test_foreign_keys_hold(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store.steps.save(StepRecord("no such execution", "s", 0, "Fail"))


def test_the_home_is_given_named_or_beside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SAGELINE_HOME", raising=False)
    assert Home.find().root == tmp_path / DEFAULT_HOME
    monkeypatch.setenv("SAGELINE_HOME", "named")
    assert Home.find().root == tmp_path / "named"
    assert Home.find(Path("given")).root == tmp_path / "given"


def test_a_file_that_others_open_at_the_same_time_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")  # a lock that SQLite does not wait for on the way to the write-ahead log
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        other.rollback()

    monkeypatch.setattr("local.store.database.time.sleep", wait)
    database = Database(path)

    assert len(waited) == 1
    assert database.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    database.close()
    other.close()
