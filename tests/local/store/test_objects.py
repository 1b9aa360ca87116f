"""Objects as files."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from local.store.objects import ObjectError, split_uri
from local.store.store import Store


def keys(store: Store, prefix: str = "") -> list[str]:
    return [info.key for info in store.objects.list("b", prefix)]


def folder(path: Path, *names: str) -> Path:
    for name in names:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(name)
    return path


def test_an_object_comes_back_as_it_was_put(store: Store) -> None:
    store.objects.put("b", "a/x", b"content")
    store.objects.put("b", "a/y", io.BytesIO(b"stream"), durable=False)

    with store.objects.open("b", "a/x") as first, store.objects.open("b", "a/y") as second:
        assert (first.read(), second.read()) == (b"content", b"stream")
    assert list(store.home.staging.iterdir()) == []


@pytest.mark.parametrize("key", ["", "a//b", "../x", "a/../b", "a/.", "x" * 1025, "nul\0", "half \udcff pair"])
def test_keys_that_are_no_paths_are_refused(store: Store, key: str) -> None:
    with pytest.raises(ObjectError):
        store.objects.put("b", key, b"")
    assert keys(store) == []


def test_a_key_cannot_be_an_object_and_a_folder(store: Store) -> None:
    store.objects.put("b", "a", b"1")

    with pytest.raises(ObjectError, match="both an object and a folder"):
        store.objects.put("b", "a/b", b"2")
    assert keys(store) == ["a"]


def test_listing_has_the_order_of_bytes_and_only_the_prefix(store: Store) -> None:
    for key in ("a/b", "a-b", "a.b", "a", "ä", "B", "z/1"):
        if key != "a":
            store.objects.put("b", key, b"")

    assert keys(store) == ["B", "a-b", "a.b", "a/b", "z/1", "ä"]
    assert keys(store, "a") == ["a-b", "a.b", "a/b"]
    assert keys(store, "a/") == ["a/b"]
    assert keys(store, "../") == []


def test_deleting_leaves_no_empty_folders(store: Store) -> None:
    store.objects.put("b", "a/b/c", b"")
    store.objects.delete("b", "a/b/c")

    assert list((store.objects.root / "b").iterdir()) == []


def test_deleting_what_is_no_object_does_nothing(store: Store) -> None:
    store.objects.put("b", "a/b", b"")
    for key in ("a", "a/b/c", "none", "none/x"):
        store.objects.delete("b", key)

    assert keys(store) == ["a/b"]


def test_a_folder_is_taken_over_in_one_rename(store: Store, tmp_path: Path) -> None:
    source = folder(tmp_path / "out", "b", "sub/a")
    inode = source.stat().st_ino

    assert store.objects.adopt_tree("b", "run/out", source) == ["run/out/b", "run/out/sub/a"]
    assert store.objects.path("b", "run/out").stat().st_ino == inode
    assert not source.exists()


def test_a_folder_is_merged_with_what_its_prefix_holds(store: Store, tmp_path: Path) -> None:
    store.objects.put("b", "out/old", b"old")
    store.objects.put("b", "out/same", b"old")

    store.objects.adopt_tree("b", "out", folder(tmp_path / "out", "new", "same"))

    assert keys(store) == ["out/new", "out/old", "out/same"]
    assert store.objects.path("b", "out/same").read_text() == "same"


def test_a_folder_with_an_impossible_name_is_refused_whole(store: Store, tmp_path: Path) -> None:
    source = folder(tmp_path / "out", "good", "x" * 200 + "/" + "y" * 200)

    with pytest.raises(ObjectError):
        store.objects.adopt_tree("b", "p" * 900, source)
    assert keys(store) == []


@pytest.mark.parametrize(
    ("uri", "names"),
    [
        ("s3://b/data/a.csv", ["a.csv"]),
        ("s3://b/data", ["a.csv", "deep/c.csv"]),
        ("s3://b/data/", ["a.csv", "deep/c.csv"]),
        ("s3://b/data/a", ["a.csv"]),
        ("s3://b/da", ["data-2/b.csv", "data/a.csv", "data/deep/c.csv"]),
        ("s3://b", ["data-2/b.csv", "data/a.csv", "data/deep/c.csv"]),
        ("s3://b/none", []),
        ("s3://b/none/", []),
    ],
)
def test_what_an_input_names(store: Store, uri: str, names: list[str]) -> None:
    for key in ("data/a.csv", "data/deep/c.csv", "data-2/b.csv"):
        store.objects.put("b", key, b"")

    assert [name for name, _ in store.objects.select(uri)] == names


def test_a_digest_is_that_of_names_and_contents_wherever_they_lie(store: Store) -> None:
    for prefix in ("one", "two"):
        store.objects.put("b", f"{prefix}/a", b"1")
        store.objects.put("b", f"{prefix}/b", b"2")
    same = store.objects.digest("s3://b/one")
    assert same == store.objects.digest("s3://b/two/")

    store.objects.put("b", "two/b", b"3")
    changed = store.objects.digest("s3://b/two")
    store.objects.put("b", "two/b", b"2")
    store.objects.put("b", "two/c", b"")

    assert len({same, changed, store.objects.digest("s3://b/two")}) == 3
    assert store.objects.digest("s3://b/none") is None


@pytest.mark.parametrize("uri", ["b/k", "http://b/k", "s3://", "s3:///k"])
def test_other_addresses_are_refused(uri: str) -> None:
    with pytest.raises(ObjectError, match="is not an S3 address"):
        split_uri(uri)
