from __future__ import annotations

from pathlib import Path

import pytest

from processing_scripts.tables import TableError, open_table


def test_a_missing_path_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"nowhere\.csv does not exist; check the path of the data\."):
        open_table(tmp_path / "nowhere.csv")


def test_an_empty_folder_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    with pytest.raises(TableError, match="is a folder without a file that holds anything"):
        open_table(tmp_path)


def test_something_that_is_no_file_gets_a_sentence() -> None:
    with pytest.raises(TableError, match="is neither a file nor a folder"):
        open_table("/dev/null")


def test_a_partitioned_folder_is_refused_rather_than_losing_a_column(tmp_path: Path) -> None:
    (tmp_path / "year=2020").mkdir()
    (tmp_path / "year=2020" / "part.csv").write_text("a,b\n1,2\n")
    with pytest.raises(TableError, match=r"partitioned by folder \(year=2020\)"):
        open_table(tmp_path)


def test_files_below_a_folder_are_found(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "part.csv").write_text("a,b\n1,2\n")
    assert [file.name for file in open_table(tmp_path).files] == ["part.csv"]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("t.csv", '{"a": 1}\n', "jsonl"),
        ("t.json", '{"a": 1}\n', "jsonl"),
        ("t.txt", "a,b\n1,2\n", "csv"),
        ("t", "{a},b\n1,2\n", "csv"),
    ],
)
def test_the_format_is_found_by_content(tmp_path: Path, name: str, content: str, found: str) -> None:
    (tmp_path / name).write_text(content)
    assert open_table(tmp_path / name).format == found
