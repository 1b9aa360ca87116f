"""A value and its interval for each of several groups, one below the other on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cli.report.charts.frame import WIDTH, drawing, path
from cli.report.charts.scale import Scale, drawable, spread, tick_text
from cli.report.markup import Html, decimal, tag
from cli.report.wording import clip, figure

_LEFT, _RIGHT, _ROW, _TOP, _BOTTOM = 128, 14, 24, 8, 26


@dataclass(frozen=True)
class Group:
    """A group's value, the interval where it is known, and whether it is too small to lean on."""

    name: str
    value: float
    low: float | None
    high: float | None
    uncertain: bool = False


def forest(name: str, title: str, groups: Sequence[Group], reference: float | None = None) -> Html | None:
    """Draw a dot and its interval for each group, hollow where uncertain; `reference` is the value of all rows."""
    drawn = [each for each in groups if drawable([each.value])]
    if not drawn:
        return None
    ends = [value for each in drawn for value in (each.value, each.low, each.high) if value is not None]
    inside = drawable([*ends, *([] if reference is None else [reference])])
    x = Scale(*spread(inside), _LEFT, WIDTH - _RIGHT)
    bottom = _TOP + _ROW * len(drawn)
    ticks = x.ticks(4)
    told = "; ".join(f"{clip(each.name, 40)} {figure(each.value)}" for each in drawn)
    return drawing(
        name,
        title,
        f"{told}." if reference is None else f"All rows {figure(reference)}; {told}.",
        [
            (
                tag("path", class_="grid", d=path([(x(tick), _TOP), (x(tick), bottom)])),
                tag("text", tick_text(tick, ticks), class_="tick", x=x(tick), y=bottom + 17),
            )
            for tick in ticks
        ],
        None
        if reference is None or not drawable([reference])
        else tag("path", class_="reference", d=path([(x(reference), _TOP), (x(reference), bottom)])),
        [_row(x, each, _TOP + _ROW * (place + 0.5)) for place, each in enumerate(drawn)],
        height=bottom + _BOTTOM,
    )


def _row(x: Scale, group: Group, y: float) -> list[Html | None]:
    kind = "uncertain" if group.uncertain else "candidate"
    known = group.low is not None and group.high is not None and len(drawable([group.low, group.high])) == 2
    return [
        tag("text", tag("title", clip(group.name, 200)), clip(group.name, 18), class_="end", x=_LEFT - 10, y=y + 4),
        tag(
            "path",
            class_=f"interval {kind}",
            d=f"M{decimal(x(group.low or 0))} {decimal(y)}H{decimal(x(group.high or 0))}",
        )
        if known
        else None,
        tag("circle", tag("title", figure(group.value)), class_=f"mark {kind}", cx=x(group.value), cy=y, r=4.5),
    ]
