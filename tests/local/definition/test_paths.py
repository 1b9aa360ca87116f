from __future__ import annotations

import pytest

from local.definition.paths import PathError, join_path, parse_path, select


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("a", ("a",)),
        ("a.b", ("a", "b")),
        ("Outputs['train'].S3Output", ("Outputs", "train", "S3Output")),
        ('Outputs["train.csv"]', ("Outputs", "train.csv")),
        ("Summaries[0].Name", ("Summaries", 0, "Name")),
        ("[1][2]", (1, 2)),
        ("$.a[0]", ("a", 0)),
        ("$['validation:auc']", ("validation:auc",)),
        ("a.validation:auc.b", ("a", "validation:auc", "b")),
    ],
)
def test_splits_paths(text: str, parts: tuple[str | int, ...]) -> None:
    assert parse_path(text) == parts
    assert parse_path(join_path(parts)) == parts


@pytest.mark.parametrize("text", ["a..b", "a[", "a[x]", "a['b]", "a]b", "a.", "[0]b", "a[-1]", "a[*]"])
def test_refuses_what_is_no_path(text: str) -> None:
    with pytest.raises(PathError, match="is not a property path"):
        parse_path(text)


DOCUMENT = {
    "Outputs": [{"OutputName": "train", "Uri": "s3://t"}, {"OutputName": "test", "Uri": "s3://e"}],
    "Metrics": [{"MetricName": "validation:auc", "Value": 0.9}],
    "Channels": [{"ChannelName": "a", "x": 1}],
    "Numbers": {"0": "zero"},
    "Empty": {},
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("Outputs['test'].Uri", "s3://e"),
        ("Outputs[0].Uri", "s3://t"),
        ("Metrics['validation:auc'].Value", 0.9),
        ("Channels['a'].x", 1),
        ("Numbers[0]", "zero"),
    ],
)
def test_selects_from_lists_by_number_or_by_name(path: str, value: object) -> None:
    assert select(DOCUMENT, path) == value


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("Outputs['x'].Uri", "there is no 'x' in Outputs: it is a list of 2."),
        ("Outputs[2]", "there is no 2 in Outputs: it is a list of 2."),
        ("Nothing", "there is no 'Nothing' at its top: it has 'Outputs', 'Metrics'"),
        ("Empty.a", "there is no 'a' in Empty: it is empty."),
        ("Numbers[0].a", "there is no 'a' in Numbers[0]: it is 'zero'."),
    ],
)
def test_says_where_a_path_ends(path: str, sentence: str) -> None:
    with pytest.raises(PathError) as caught:
        select(DOCUMENT, path)

    assert str(caught.value).startswith(sentence.removesuffix("."))
