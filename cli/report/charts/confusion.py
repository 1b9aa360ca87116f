"""The confusion matrix: what the rows of each class were taken for."""

from __future__ import annotations

from collections.abc import Sequence

from cli.report.charts.frame import WIDTH, drawing, figure
from cli.report.markup import Html, tag
from cli.report.wording import clip, share, whole

MOST_CLASSES = 40
_WITH_NUMBERS = 12
_LEFT, _TOP, _RIGHT = 92, 8, 8
_WIDE = 80  # cells from here on hold a percentage too, and labels need not be turned
_MOST_INK = 0.5  # text stays readable on the darkest cell in both colour schemes


def confusion(name: str, labels: Sequence[str], counts: Sequence[Sequence[float]]) -> Html | None:
    """Draw rows of actual classes against columns of predicted ones, shaded by the share of the row.

    `counts` is square and belongs to `labels`. Nothing is drawn for no class, no rows, or more classes than can be
    told apart.
    """
    total = sum(map(sum, counts))
    if not 0 < len(labels) <= MOST_CLASSES or total <= 0:
        return None
    size = min((WIDTH - _LEFT - _RIGHT) / len(labels), 128.0)
    height = _height(len(labels), size, _level(labels, size))
    right = sum(row[index] for index, row in enumerate(counts))
    chart = drawing(
        name,
        "Confusion matrix",
        f"{whole(right)} of {whole(total)} test rows were predicted as the class they are.",
        [_row(index, label, labels, counts[index], size) for index, label in enumerate(labels)],
        _column_labels(labels, size),
        tag("text", "Predicted", class_="label", x=_LEFT + size * len(labels) / 2, y=height - 6),
        tag(
            "text",
            "Actual",
            class_="label",
            transform=f"translate(12 {_TOP + round(size * len(labels) / 2)}) rotate(-90)",
        ),
        height=height,
    )
    note = (
        f"{share(right, total)} of {whole(total)} test rows on the diagonal; shading is the share of each actual class."
    )
    return figure("Confusion matrix of the candidate", chart, tag("p", note, class_="note"))


def _level(labels: Sequence[str], size: float) -> bool:
    """Say whether all labels below the columns fit without being turned."""
    return size >= _WIDE or (size >= 16 and max(len(clip(label, 20)) for label in labels) * 8 <= size)


def _height(classes: int, size: float, level: bool) -> float:
    return _TOP + size * classes + (46 if level else 66)


def _row(index: int, label: str, labels: Sequence[str], counts: Sequence[float], size: float) -> list[Html]:
    y, total = _TOP + index * size, sum(counts)
    named = tag(
        "text",
        tag("title", clip(label, 200)),
        clip(label, 10),
        class_="tick end",
        x=_LEFT - 8,
        y=y + size / 2 + 4,
        style=_font(size),
    )
    cells = [
        _cell(_LEFT + column * size, y, size, count, total, f"{clip(label, 80)} taken for {clip(predicted, 80)}")
        for column, (predicted, count) in enumerate(zip(labels, counts, strict=True))
    ]
    return [named, *cells]


def _cell(x: float, y: float, size: float, count: float, total: float, words: str) -> Html:
    part = count / total if total > 0 else 0.0
    ink = f"{_MOST_INK * part:.3f}".rstrip("0").rstrip(".")
    square = tag(
        "rect",
        tag("title", f"{words}: {whole(count)} ({share(count, total)})"),
        class_="cell",
        x=x,
        y=y,
        width=size,
        height=size,
        fill_opacity=ink,
    )
    if size < (WIDTH - _LEFT - _RIGHT) / _WITH_NUMBERS - 0.01:
        return square
    number = tag(
        "text", whole(count), class_="count" if count else "tick", x=x + size / 2, y=y + size / 2 + 4, style=_font(size)
    )
    if size < _WIDE:
        return Html(square + number)
    percent = tag("text", share(count, total), x=x + size / 2, y=y + size / 2 + 22)
    return Html(square + number + percent)


def _column_labels(labels: Sequence[str], size: float) -> list[Html]:
    y = _TOP + size * len(labels) + 16
    if _level(labels, size):
        return [
            tag("text", tag("title", clip(label, 200)), clip(label, 14), class_="tick", x=_LEFT + (i + 0.5) * size, y=y)
            for i, label in enumerate(labels)
        ]
    return [
        tag(
            "text",
            tag("title", clip(label, 200)),
            clip(label, 6),
            class_="tick end",
            transform=f"translate({_LEFT + (index + 0.5) * size + 4:.1f} {y - 8:.1f}) rotate(-60)",
            style=_font(size),
        )
        for index, label in enumerate(labels)
    ]


def _font(size: float) -> str | None:
    """Return a smaller type size where the cells are narrower than the usual text."""
    return f"font-size:{max(6, round(size * 0.75))}px" if size < 16 else None
