from __future__ import annotations

import pytest

from config.yaml_text import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "The file is empty. Write its settings, one `name: value` a line."),
        ("# nothing but a comment\n", "The file is empty."),
        ("- a\n- b\n", "line 1: The file holds no settings."),
        ("just text\n", "line 1: The file holds no settings."),
        (
            "a: 1\nb: 2\na: 3\n",
            "line 3, a: `a` stands a second time; it stands in line 1 already. Remove one of the two.",
        ),
        ("a:\n  b: 1\n  b: 2\n", "line 3, a.b: `b` stands a second time"),
        ("a: [1, 2\n", "The file is not YAML:"),
        ("a: b: c\n", "line 1: The file is not YAML: mapping values are not allowed in this context."),
        ("\ta: 1\n", "The file is not YAML:"),
        ("a: \x01\n", "The file is not YAML:"),
        ("a: &x [1]\nb: *x\n", "line 1: Anchors (`&`) and aliases (`*`) are not read."),
        ("a: !!python/object/apply:os.system [ls]\n", "line 1: could not determine a constructor"),
        ("? [a, b]\n: 1\n", "line 1: a name of a setting is not text."),
        ("a: 1\n---\nb: 2\n", "The file is not YAML: but found another document."),
        ("a: " + "[" * 100_000, "line 1: The file is nested too deeply."),
        ("a: " + "x" * 300_000, "The file has 300,003 characters. A configuration has at most 262,144."),
    ],
    ids=range(16),
)
def test_bad_yaml_gets_a_sentence(text: str, expected: str) -> None:
    document = read(text)
    assert expected in str(document.mistakes[0])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-3", -3),
        ("0.5", 0.5),
        ("1e-3", 0.001),
        ("1.5e3", 1500.0),
        ("true", True),
        ("False", False),
        ("null", None),
        ("", None),
        ("yes", "yes"),
        ("off", "off"),
        ("0x1F", "0x1F"),
        ("007", "007"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2020-01-01", "2020-01-01"),
        ("=", "="),
        ("'1'", "1"),
    ],
)
def test_plain_values_are_what_they_look_like(text: str, value: object) -> None:
    document = read(f"a: {text}\n")
    assert document.mistakes == []
    assert document.values["a"] == value
    assert type(document.values["a"]) is type(value)


def test_lines_are_known_by_path() -> None:
    document = read("a: 1\nb:\n  c:\n    - x\n    - y\n")
    assert {path: document.lines[path] for path in ("a", "b", "b.c", "b.c[1]")} == {
        "a": 1,
        "b": 2,
        "b.c": 3,
        "b.c[1]": 5,
    }
