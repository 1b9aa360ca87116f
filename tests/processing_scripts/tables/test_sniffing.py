from __future__ import annotations

from pathlib import Path

import pytest

from processing_scripts.tables.sniffing import sniff


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("age,city\n39,Ulm\n40,Bonn\n", True),
        ("39,Ulm\n40,Bonn\n41,Ulm\n", False),
        ("name,city\nAnn,Ulm\nBob,Bonn\nCy,Ulm\n", True),
        ("M,0.4,15\nF,0.5,7\nM,0.3,9\n", False),
        ("p,x,s\ne,x,s\np,y,s\np,x,s\n", False),
        (",a,b\n0,1,2\n1,3,4\n", True),
        ("0,1,2,3,4,target\n5,5,5,5,5,x\n6,6,6,6,6,y\n", True),
        ("5.1,3.5,1.4,?,setosa\n4.9,3.0,1.4,2,setosa\n", False),
        ("?,3.5\n4.9,3.0\n", False),
        ("a,b\n", True),
        ("1,2\n", False),
        ("year,2019\n", False),
        ("id,when\n1,2020-01-01\n2,2020-01-02\n", True),
        ("1,Smith,2020-01-01\n2,Jones,2020-01-02\n3,Hill,2020-01-03\n", False),
        ("a,a,b\n1,2,3\n4,5,6\n", True),
        ("text,label\ngood stuff,pos\nbad stuff,neg\nmeh,neg\nyes,pos\n", True),
    ],
)
def test_names_are_told_from_data(tmp_path: Path, content: str, header: bool) -> None:
    path = tmp_path / "t.csv"
    path.write_text(content)
    assert sniff(path).header is header


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("a;b\n1,5;2,3\n1,7;2,9\n", ";"),
        ("a\tb\nx, y, z\t1\nx\t2\n", "\t"),
        ('a,b\n"x;y;z",1\n"p;q;r",2\n', ","),
        ("only\n1\n2\n", ","),
        ("free text\nmore words here\n", ","),
        ("5.1 3.5 setosa\n4.9 3.0 virginica\n", " "),
        ("a|b|c\n1|2|3\n", "|"),
    ],
)
def test_the_separator_is_found(tmp_path: Path, content: str, delimiter: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(content)
    assert sniff(path).delimiter == delimiter


def test_columns_without_names_are_numbered(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(",b,\n1,2,3\n4,5,6\n")
    assert sniff(path).names == ("column_1", "b", "column_3")


def test_a_sample_cut_in_the_middle_of_a_row_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("name,n\n" + "é,1\n" * (1 << 18))
    assert sniff(path).names == ("name", "n")


def test_a_cell_of_great_length_is_no_end_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("name,n\n" + "x" * 200_000 + ",1\n")
    assert sniff(path).has_rows
