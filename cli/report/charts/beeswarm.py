"""Contributions of columns to single predictions: a dot for each row, by how high the row's value is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cli.report.charts.frame import WIDTH, drawing, path
from cli.report.charts.scale import Scale, drawable, spread, tick_text
from cli.report.markup import Html, decimal, tag
from cli.report.wording import clip

_LEFT, _RIGHT, _ROW, _TOP, _BOTTOM = 128, 14, 30, 8, 42
_SHADES = 5
_STEP = 4.0
"""Dots of one column closer than this, in pixels, are set above one another."""


@dataclass(frozen=True)
class Swarm:
    """A column's contributions to rows and, where it holds numbers, each value's rank from 0 to 1."""

    name: str
    contributions: Sequence[float]
    ranks: Sequence[float | None]


def beeswarm(name: str, swarms: Sequence[Swarm], unit: str) -> Html | None:
    """Draw a row of dots for each column, low values in one colour and high ones in another; nothing for no dots."""
    drawn = [
        each for each in swarms if each.contributions and len(drawable(each.contributions)) == len(each.contributions)
    ]
    if not drawn:
        return None
    x = Scale(*spread([value for each in drawn for value in each.contributions] + [0.0]), _LEFT, WIDTH - _RIGHT)
    bottom = _TOP + _ROW * len(drawn)
    ticks = x.ticks(5)
    return drawing(
        name,
        "What pushes predictions up and down",
        f"Contributions to single predictions in {unit}, for {', '.join(clip(each.name, 40) for each in drawn)}.",
        [
            (
                tag("path", class_="grid", d=path([(x(tick), _TOP), (x(tick), bottom)])),
                tag("text", tick_text(tick, ticks), class_="tick", x=x(tick), y=bottom + 17),
            )
            for tick in ticks
        ],
        tag("path", class_="reference", d=path([(x(0), _TOP), (x(0), bottom)])),
        tag("text", f"Contribution ({unit})", class_="label", x=(_LEFT + WIDTH - _RIGHT) / 2, y=bottom + 36),
        [_row(x, each, _TOP + _ROW * (place + 0.5)) for place, each in enumerate(drawn)],
        height=bottom + _BOTTOM,
    )


def _row(x: Scale, swarm: Swarm, y: float) -> list[Html]:
    ranks = list(swarm.ranks) if len(swarm.ranks) == len(swarm.contributions) else [None] * len(swarm.contributions)
    stacked: dict[int, int] = {}
    by_shade: dict[str, list[str]] = {}
    for value, rank in zip(swarm.contributions, ranks, strict=True):
        place = round(x(value) / _STEP)
        level = stacked.get(place, 0)
        stacked[place] = level + 1
        # Alternately above and below the middle, and within the row however many there are.
        offset = min((level + 1) // 2 * 2.2, _ROW / 2 - 3) * (-1 if level % 2 else 1)
        by_shade.setdefault(_shade(rank), []).append(f"M{decimal(x(value))} {decimal(y + offset)}h0")
    return [
        tag("text", tag("title", clip(swarm.name, 200)), clip(swarm.name, 18), class_="end", x=_LEFT - 10, y=y + 4),
        *(tag("path", class_=f"swarm {shade}", d="".join(dots)) for shade, dots in sorted(by_shade.items())),
    ]


def _shade(rank: float | None) -> str:
    if rank is None:
        return "plain"
    return f"shade{min(int(max(rank, 0.0) * _SHADES), _SHADES - 1)}"
