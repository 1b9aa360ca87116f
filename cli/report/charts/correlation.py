"""How columns go together: a matrix of coefficients, shaded by their size."""

from __future__ import annotations

from collections.abc import Sequence

from cli.report.charts.frame import WIDTH, drawing, figure
from cli.report.markup import Html, tag
from cli.report.wording import clip

MOST_COLUMNS = 21
_WITH_NUMBERS = 9
_LEFT, _TOP, _RIGHT, _BELOW = 104, 8, 8, 74
_MOST_INK = 0.6  # text stays readable on the darkest cell in both colour schemes


def correlation(name: str, labels: Sequence[str], values: Sequence[Sequence[float | None]]) -> Html | None:
    """Draw the coefficients of all pairs, from -1 to 1, None where there is none.

    Nothing is drawn for fewer than two columns, for more than can be told apart, or for what is no square.
    """
    count = len(labels)
    if not 2 <= count <= MOST_COLUMNS or len(values) != count or any(len(row) != count for row in values):
        return None
    size = min((WIDTH - _LEFT - _RIGHT) / count, 56.0)
    height = _TOP + size * count + _BELOW
    rows = [_row(index, label, labels, values[index], size) for index, label in enumerate(labels)]
    pairs = sorted(
        ((abs(each), f"{labels[left]} and {labels[right]} {each:+.2f}")
         for left in range(count) for right in range(left) if (each := values[left][right]) is not None),
        reverse=True,
    )  # fmt: skip
    closest = "; ".join(clip(words, 90) for _, words in pairs[:3])
    chart = drawing(
        name, "Correlations", f"The closest pairs: {closest}.", rows, _names(labels, size, count), height=height
    )
    note = "Spearman's rank correlation of training rows. Blue rises together, amber falls as the other rises."
    return figure("How columns go together", chart, tag("p", f"{note} Closest: {closest}.", class_="note"))


def _row(
    index: int, label: str, labels: Sequence[str], values: Sequence[float | None], size: float
) -> list[Html | None]:
    y = _TOP + index * size
    named = tag(
        "text", tag("title", clip(label, 200)), clip(label, 12), class_="tick end", x=_LEFT - 8, y=y + size / 2 + 4
    )
    return [named, *(_cell(index, column, each, labels, size) for column, each in enumerate(values))]


def _cell(row: int, column: int, value: float | None, labels: Sequence[str], size: float) -> Html | None:
    if value is None:
        return None
    x, y = _LEFT + column * size, _TOP + row * size
    bounded = min(max(value, -1.0), 1.0)
    square = tag(
        "rect",
        tag("title", f"{clip(labels[row], 80)} and {clip(labels[column], 80)}: {value:+.2f}"),
        class_="cell minus" if value < 0 else "cell",
        x=x,
        y=y,
        width=size,
        height=size,
        fill_opacity=f"{_MOST_INK * abs(bounded):.3f}",
    )
    if len(labels) > _WITH_NUMBERS:
        return square
    written = f"{value:.2f}".replace("-", "−")
    return Html(square + tag("text", written, x=x + size / 2, y=y + size / 2 + 4))


def _names(labels: Sequence[str], size: float, count: int) -> list[Html]:
    y = _TOP + size * count + 14
    return [
        tag(
            "text",
            tag("title", clip(label, 200)),
            clip(label, 10),
            class_="tick end",
            transform=f"translate({_LEFT + (index + 0.5) * size + 4:.1f} {y - 4:.1f}) rotate(-45)",
        )
        for index, label in enumerate(labels)
    ]
