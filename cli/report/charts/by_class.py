"""How one column is spread in each class: a strip for each, shaded by the share of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cli.report.charts.frame import WIDTH, drawing, figure
from cli.report.markup import Html, tag
from cli.report.wording import clip, share

MOST_CLASSES = 10
_LEFT, _RIGHT, _HIGH, _GAP = 104, 8, 22, 3
_MOST_INK = 0.85
_BELOW = 20


def by_class(
    name: str, heading: str, counts: Mapping[str, Sequence[float]], ends: tuple[str, str], bins: Sequence[str]
) -> Html | None:
    """Draw strips of as many cells as there are `bins`, which are named; `ends` stand below the first and the last.

    Nothing is drawn where there is one class, too many, or one without a row in any bin.
    """
    known = {label: row for label, row in counts.items() if len(row) == len(bins) > 0 and sum(row) > 0}
    if not 2 <= len(known) <= MOST_CLASSES:
        return None
    most = max(count / sum(row) for row in known.values() for count in row)
    strips = [_strip(place, label, row, most, bins) for place, (label, row) in enumerate(known.items())]
    height = (_HIGH + _GAP) * len(known) + _BELOW
    base = height - 4
    chart = drawing(
        name,
        heading,
        "; ".join(f"{clip(label, 40)}: mostly {_mostly(row, bins)}" for label, row in known.items()) + ".",
        strips,
        tag("text", clip(ends[0], 22), class_="tick start", x=_LEFT, y=base),
        tag("text", clip(ends[1], 22), class_="tick end", x=WIDTH - _RIGHT, y=base),
        height=height,
    )
    return figure(heading, chart)


def _mostly(row: Sequence[float], bins: Sequence[str]) -> str:
    place = max(range(len(row)), key=lambda index: row[index])
    return f"{clip(bins[place], 40)} ({share(row[place], sum(row))})"


def _strip(place: int, label: str, row: Sequence[float], most: float, bins: Sequence[str]) -> list[Html]:
    y, total = place * (_HIGH + _GAP), sum(row)
    width = (WIDTH - _LEFT - _RIGHT) / len(row)
    cells = [
        tag(
            "rect",
            tag("title", f"{clip(label, 60)}, {clip(bins[index], 80)}: {share(count, total)}"),
            class_="cell",
            x=_LEFT + index * width,
            y=y,
            width=width,
            height=_HIGH,
            fill_opacity=f"{_MOST_INK * count / total / most:.3f}",
        )
        for index, count in enumerate(row)
    ]
    named = tag("text", tag("title", clip(label, 200)), clip(label, 12), class_="tick end", x=_LEFT - 8, y=y + 15)
    return [named, *cells]
