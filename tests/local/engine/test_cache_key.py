from __future__ import annotations

from pathlib import Path

from local.engine.cache_key import document
from local.store.home import Home
from local.store.store import Store


def test_what_a_manifest_lists_belongs_to_the_content(tmp_path: Path) -> None:
    objects = Store(Home(tmp_path / "home")).objects
    objects.put("work", "list", b'[{"prefix": "s3://work/in/"}, "a"]')
    request = {"S3Input": {"S3Uri": "s3://work/list", "S3DataType": "ManifestFile"}}
    seen = []
    for content in (b"one", b"another", b"one"):
        objects.put("work", "in/a", content)
        seen.append(document(request, [], objects))
    assert seen[0] == seen[2] != seen[1]
    objects.put("work", "list", b"no manifest")
    assert document(request, [], objects)["S3Input"]["listed"] == []
