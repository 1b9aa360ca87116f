"""What charts with two axes have in common: the drawing with its title, the axes, the grid."""

from __future__ import annotations

from dataclasses import dataclass

from cli.report.charts.scale import Scale, tick_text
from cli.report.markup import Content, Html, decimal, markup, tag

WIDTH, HEIGHT = 440, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 68, 12, 10, 44


@dataclass(frozen=True)
class Axes:
    """The scales of a plot, its labels, and how many ticks each axis should have."""

    x: Scale
    y: Scale
    x_label: str
    y_label: str
    x_ticks: tuple[float, ...]
    y_ticks: tuple[float, ...]

    def draw(self) -> Html:
        """Return grid lines, tick labels and axis titles."""
        return markup(
            [self._horizontal(tick) for tick in self.y_ticks],
            [self._vertical(tick) for tick in self.x_ticks],
            tag("path", class_="axis", d=path([(self.x.start, self.y.end), (self.x.start, self.y.start)])),
            tag("path", class_="axis", d=path([(self.x.start, self.y.start), (self.x.end, self.y.start)])),
            tag("text", self.x_label, class_="label", x=(self.x.start + self.x.end) / 2, y=HEIGHT - 6),
            tag(
                "text",
                self.y_label,
                class_="label",
                transform=f"translate(11 {decimal((self.y.start + self.y.end) / 2)}) rotate(-90)",
            ),
        )

    def _horizontal(self, tick: float) -> Html:
        y = self.y(tick)
        return markup(
            tag("path", class_="grid", d=path([(self.x.start, y), (self.x.end, y)])),
            tag("text", tick_text(tick, self.y_ticks), class_="tick end", x=self.x.start - 6, y=y + 4),
        )

    def _vertical(self, tick: float) -> Html:
        x = self.x(tick)
        return markup(
            tag("path", class_="grid", d=path([(x, self.y.start), (x, self.y.end)])),
            tag("text", tick_text(tick, self.x_ticks), class_="tick", x=x, y=self.y.start + 17),
        )


def axes(
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    labels: tuple[str, str],
    whole: bool = False,
) -> Axes:
    """Lay out a plot over two ranges; `whole` keeps the horizontal ticks to whole numbers."""
    x = Scale(*x_range, _LEFT, WIDTH - _RIGHT)
    y = Scale(*y_range, HEIGHT - _BOTTOM, _TOP)
    x_ticks = [tick for tick in x.ticks(6) if not whole or tick == int(tick)]
    return Axes(x, y, labels[0], labels[1], tuple(x_ticks), tuple(y.ticks(5)))


def drawing(name: str, title: str, description: str, *content: Content, height: float = HEIGHT) -> Html:
    """Wrap marks in an SVG of the common width that names and describes itself to whoever cannot see it."""
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", description, id=f"{name}-description"),
        *content,
        class_="chart",
        viewBox=f"0 0 {WIDTH} {decimal(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-description",
    )


def path(points: list[tuple[float, float]], closed: bool = False) -> str:
    """Return path data for straight lines through the points."""
    lines = "L".join(f"{decimal(x)} {decimal(y)}" for x, y in points)
    return f"M{lines}{'Z' if closed else ''}"


def legend(entries: list[tuple[str, str]]) -> Html:
    """Return a key for lines: pairs of class and name, each with a sample of the stroke."""
    return tag(
        "ul",
        [
            tag(
                "li",
                tag(
                    "svg",
                    tag("path", class_=f"line {kind}", d="M1 6L27 6"),
                    width=28,
                    height=12,
                    aria_hidden="true",
                ),
                name,
            )
            for kind, name in entries
        ],
        class_="legend",
    )


def figure(heading: str, chart: Html, *below: Content) -> Html:
    """Wrap a chart with its heading and what stands below it."""
    return tag("figure", tag("figcaption", heading), chart, *below)
