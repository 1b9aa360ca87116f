from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from processing_scripts.tables import TableError, open_table
from processing_scripts.tables.csv_table import BLOCK_BYTES


def rows(path: Path, **options: object) -> list[dict[str, str]]:
    table = open_table(path, **options)  # type: ignore[arg-type]
    return [row for batch in table.batches() for row in batch.to_pylist()]


def write(folder: Path, content: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


EXPECTED = [{"a": "1", "b": "x"}, {"a": "2", "b": "y"}]


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,x\n2,y\n",
        b"a,b\n1,x\n2,y",
        b"a;b\r\n1;x\r\n2;y\r\n",
        b"a\tb\n1\tx\n2\ty\n",
        b"a|b\n1|x\n2|y\n",
        b"\xef\xbb\xbfa,b\n1,x\n2,y\n",
        b'\xef\xbb\xbf"a","b"\n"1","x"\n"2","y"\n',
        b"\n\na , b\n1,x\n\n2,y\n\n",
        b"a,b\r1,x\r2,y\r",
        gzip.compress(b"a,b\n1,x\n2,y\n"),
    ],
    ids=["plain", "no-last-newline", "semicolon-crlf", "tab", "pipe", "bom", "bom-quoted", "blank-lines", "cr", "gzip"],
)
def test_varieties_of_csv_read_the_same(tmp_path: Path, content: bytes) -> None:
    assert rows(write(tmp_path, content)) == EXPECTED


def test_cells_stand_exactly_as_in_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, 'age,note,n\n39, <=50K,1.50\n40,"two\nlines, ""quoted""",\n?,é,007\n')
    assert rows(path) == [
        {"age": "39", "note": " <=50K", "n": "1.50"},
        {"age": "40", "note": 'two\nlines, "quoted"', "n": ""},
        {"age": "?", "note": "é", "n": "007"},
    ]


def test_a_quoted_header_may_span_lines(tmp_path: Path) -> None:
    assert rows(write(tmp_path, '"a\nb",c\n1,x\n2,y\n')) == [{"a\nb": "1", "c": "x"}, {"a\nb": "2", "c": "y"}]


def test_columns_are_read_in_the_order_asked_for(tmp_path: Path) -> None:
    batch = next(iter(open_table(write(tmp_path, "a,b,c\n1,2,3\n")).batches(["c", "a"])))
    assert batch.to_pydict() == {"c": ["3"], "a": ["1"]}


def test_an_unknown_column_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\n1,2\n")
    with pytest.raises(TableError, match=r"t\.csv has no column 'z'; its columns are a, b\."):
        list(open_table(path).batches(["z"]))


def test_batches_are_bounded_and_in_order(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\n" + "".join(f"{at},x\n" for at in range(10)))
    batches = list(open_table(path).batches(batch_rows=4))
    assert [batch.num_rows for batch in batches] == [4, 4, 2]
    assert [cell for batch in batches for cell in batch.column("a").to_pylist()] == [str(at) for at in range(10)]


def test_a_folder_is_one_table(tmp_path: Path) -> None:
    write(tmp_path, "a,b\n1,x\n", "part-0.csv")
    write(tmp_path, "b,a\ny,2\n", "part-1.csv")
    write(tmp_path, "a,b\n", "part-2.csv")
    write(tmp_path, "", "_SUCCESS")
    write(tmp_path, "{}", ".hidden.json")
    assert rows(tmp_path) == EXPECTED


def test_a_folder_without_headers_is_one_table(tmp_path: Path) -> None:
    write(tmp_path, "1,2\n3,4\n", "part-0.csv")
    write(tmp_path, "5,6\n", "part-1.csv")
    assert [row["column_1"] for row in rows(tmp_path)] == ["1", "3", "5"]


def test_what_is_given_goes_before_what_is_found(tmp_path: Path) -> None:
    path = write(tmp_path, "1 a;2 a\n3 a;4 a\n")
    assert rows(path, header=True, delimiter=" ") == [{"1": "3", "a;2": "a;4", "a": "a"}]


HUGE = 'a,b\n1,2\n3,"' + "x" * (2 * BLOCK_BYTES)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty; it needs a row of column names"),
        ("\n \n", "is empty; it needs a row of column names"),
        ("\ufeff", "is empty; it needs a row of column names"),
        ("a,b\n", "has a header (a, b) and no rows below it."),
        ("a,b\n1,2\n3,4,5\n", "row 3 (the header is row 1) has 3 cells where there are 2 columns: '3,4,5'."),
        ("1,2\n3\n5,6\n", "row 2 has 1 cells where there are 2 columns: '3'."),
        ('a,b\n1,2\n3,"4\n5,6\n7,8\n', 'the quote (") that opens in row 3 (the header is row 1) is never closed.'),
        (HUGE, "a row after row 2 (the header is row 1) is longer than 4 MiB; most likely a quote"),
        (b"a,b\n1,caf\xe9\n", "is not UTF-8 at offset 9 (byte 0xe9); convert it first"),
        (b"a,b\n1,x\n2,\xc3", "is not UTF-8 at offset 10 (byte 0xc3)"),
        (b"a,b\n1,x\0\n", "holds a NUL byte at offset 7"),
        (b"\xff\xfea\0,\0b\0\n\0", "is UTF-16; convert it: iconv"),
        (b"PK\x03\x04abc", "is a zip archive or an Excel workbook; save the sheet as CSV."),
        (gzip.compress(b"a,b\n1,2\n" * 9)[:-9], "cannot be read, it is damaged"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) and " " in value else "",
)
def test_bad_files_get_a_sentence(tmp_path: Path, content: str | bytes, sentence: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(TableError) as caught:
        rows(path)
    assert sentence in str(caught.value)
    assert str(path) in str(caught.value)


def test_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, "a,b,a,a (2),a\n1,2,3,4,5\n6,7,8,9,10\n"))
    assert table.columns == ["a", "b", "a (3)", "a (2)", "a (4)"]
    assert table.renamed == ("a",)
    assert rows(table.path)[0] == {"a": "1", "b": "2", "a (3)": "3", "a (2)": "4", "a (4)": "5"}


def test_a_ragged_row_far_into_the_file_is_numbered(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\n" + '1,"two\nlines"\n' * 600_000 + "1\n")
    with pytest.raises(TableError, match=r"row 600,002 \(the header is row 1\) has 1 cells"):
        for _ in open_table(path).batches(["a"]):
            pass


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        ("a,c\n1,2\n", "has other columns than part-0.csv beside it (b, c in only one of them)"),
        ('{"a": 1}\n', "mixes formats: part-0.csv is csv and part-1.csv is jsonl; keep one."),
    ],
)
def test_the_files_of_a_folder_must_agree(tmp_path: Path, second: str, sentence: str) -> None:
    write(tmp_path, "a,b\n1,2\n", "part-0.csv")
    write(tmp_path, second, "part-1.csv")
    with pytest.raises(TableError) as caught:
        open_table(tmp_path)
    assert sentence in str(caught.value)


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    line = ",".join(map(str, range(20_000)))
    with pytest.raises(TableError, match="has 20,000 columns, and at most 16,384 are read"):
        open_table(write(tmp_path, f"{line}\n{line}\n"), header=False)


@pytest.mark.parametrize("delimiter", ["", "ab", '"', "\n", "é"])
def test_a_delimiter_that_cannot_be_one_is_refused(tmp_path: Path, delimiter: str) -> None:
    with pytest.raises(TableError, match="a delimiter is one ASCII character"):
        open_table(write(tmp_path, "a,b\n1,2\n"), delimiter=delimiter)
