from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from processing_scripts.tables import Table, open_table


def line(source: dict[str, Any], label: int | None, name: str | None, confidence: float = 0.9) -> dict[str, Any]:
    metadata: dict[str, Any] = {"type": "groundtruth/text-classification", "job-name": "labeling-job/moods"}
    if name is None:
        return {**source, "mood-metadata": {**metadata, "failure-reason": "ClientError: no consensus"}}
    metadata |= {"class-name": name, "confidence": confidence, "human-annotated": "yes"}
    return {**source, "mood": label, "mood-metadata": metadata}


def table(folder: Path, *lines: dict[str, Any]) -> Table:
    path = folder / "output.manifest"
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    return open_table(path)


def rows(opened: Table) -> list[dict[str, str | None]]:
    return [row for batch in opened.batches() for row in batch.to_pylist()]


def test_the_label_is_the_class_name_and_failures_have_none(tmp_path: Path) -> None:
    opened = table(tmp_path, line({"source": "fine, thanks"}, 0, "good"), line({"source": "bad"}, None, None))
    assert opened.format == "manifest"
    assert rows(opened) == [
        {"source": "fine, thanks", "mood": "good", "mood-confidence": "0.9"},
        {"source": "bad", "mood": None, "mood-confidence": None},
    ]
    assert opened.known_after_labelling == ("mood-confidence",)


def test_sources_that_are_objects_become_columns(tmp_path: Path) -> None:
    opened = table(
        tmp_path,
        line({"source": '{"age": 39, "city": "Ulm"}'}, 0, "good"),
        line({"source": '{"age": 40}'}, 1, "bad"),
    )
    assert rows(opened) == [
        {"age": "39", "city": "Ulm", "mood": "good", "mood-confidence": "0.9"},
        {"age": "40", "city": None, "mood": "bad", "mood-confidence": "0.9"},
    ]


def test_sources_that_are_csv_rows_become_columns(tmp_path: Path) -> None:
    opened = table(tmp_path, line({"source": '39,"Ulm, Donau"'}, 0, "good"), line({"source": "40,Bonn"}, 1, "bad"))
    assert opened.columns == ["source_1", "source_2", "mood", "mood-confidence"]
    assert rows(opened)[0]["source_2"] == "Ulm, Donau"


def test_references_and_further_keys_are_kept(tmp_path: Path) -> None:
    opened = table(tmp_path, line({"source-ref": "s3://bucket/1.jpg", "age": 3}, 1, "bad"))
    assert rows(opened) == [{"source-ref": "s3://bucket/1.jpg", "age": "3", "mood": "bad", "mood-confidence": "0.9"}]


def test_a_label_without_a_class_name_stands_as_it_is(tmp_path: Path) -> None:
    metadata = {"type": "groundtruth/custom", "job-name": "labeling-job/x"}
    opened = table(tmp_path, {"source": "a", "score": 3.5, "score-metadata": metadata})
    assert rows(opened) == [{"source": "a", "score": "3.5"}]


def test_json_lines_that_only_resemble_a_manifest_stay_json_lines(tmp_path: Path) -> None:
    opened = table(tmp_path, {"source": "web", "page-metadata": {"size": 3}})
    assert opened.format == "jsonl"
    assert opened.columns == ["source", "page-metadata.size"]
