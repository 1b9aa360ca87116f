from __future__ import annotations

import re
import warnings

import pytest

from local.definition.models import service_model
from local.definition.patterns import matches, translate

PRINTABLE = r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*"
TAGS = r"([\p{L}\p{Z}\p{N}_.:\/=+\-@]*)${1,128}"


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("[a-z]+", "abc", True),
        ("[a-z]+", "abc\n", False),  # the whole text, as Java's matches() takes it
        ("^[a-z]+$", "abc\n", False),
        ("[a-z]+", "xABC", False),
        (r"\d{2}", "٣٤", False),  # Java's \d is ASCII
        (r"[\p{L}\p{N}]+", "Ünïcode9", True),
        (r"[\p{L}\p{N}]+", "no space", False),
        (r"\p{L}+", "straße", True),
        (r"[\p{Alnum}\-]+", "a-9", True),
        (r"[\p{Alnum}\-]+", "ü", False),
        (r"\p{ASCII}*", "a b\n~", True),
        (r"\p{ASCII}*", "ü", False),
        (r"[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*", "Any text: 1 + 1 = 2 (€)!", True),
        (r"[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*", "tab\t", False),
        (TAGS, "team:ml/ops@x", True),
        (TAGS, "a#b", False),
        (PRINTABLE, "a\t\U0001f600", True),
        (PRINTABLE, "line\nbreak", False),
        ("a.c", "a\u2028c", False),  # line ends that Java's dot leaves out
        (".*", "one\ntwo", False),
        (r".*(?:[ \r\n\t].*)*", "one\ntwo three", True),
        (r"[!#-\[\]-~]+( [!#-\[\]-~]+)*", "two words", True),
        (r"[^ ~^:?*\[]+", "a[b", False),
        (r"[a[b]+", "a[b", True),
        ("(", "anything", True),  # what cannot be translated is not held against a value
    ],
)
def test_matches_as_the_service_does(pattern: str, text: str, fits: bool) -> None:
    assert matches(pattern, text) is fits


def test_translates_every_pattern_of_sagemaker_without_a_warning() -> None:
    shapes = service_model()._shape_resolver._shape_map.values()  # type: ignore[attr-defined]
    patterns = {shape["pattern"] for shape in shapes if "pattern" in shape}
    assert len(patterns) > 200
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for pattern in patterns:
            re.compile(translate(pattern), re.ASCII)


@pytest.mark.parametrize(
    "text", ["a b " * 20_000 + "\u2028", "-" * 60_000, "a-" * 30_000 + "!", "a " * 30_000 + "\x00"]
)
def test_hostile_texts_take_no_exponential_time(text: str) -> None:
    shapes = service_model()._shape_resolver._shape_map.values()  # type: ignore[attr-defined]
    repeating = {
        shape["pattern"] for shape in shapes if re.search(r"[+*}]\)[*+{]", shape.get("pattern", "")) is not None
    }
    assert len(repeating) > 5
    # What tries every way to split such a text comes to no end: the suite's time limit would say so.
    found = {matches(pattern, text) for pattern in repeating}
    assert False in found
