"""Folding a long row of layers into several rows, broken where the fewest arrows have to turn back."""

from __future__ import annotations

from cli.report.charts.layers import Arrangement, Item


def fold(arrangement: Arrangement, most: int) -> list[range]:
    """Return the layers of each row: as few rows as hold them with at most `most` layers in each.

    Between as many rows, those win that break the fewest arrows, one out of a condition counting double; then the
    ones of the most even lengths.
    """
    breaks = _breaks(arrangement)
    best: list[tuple[tuple[int, int, int], list[range]]] = [((0, 0, 0), [])]
    for end in range(1, len(arrangement.layers) + 1):
        ways = []
        for start in range(max(0, end - most), end):
            (rows, broken, uneven), before = best[start]
            cost = (rows + 1, broken + breaks.get(start, 0), uneven + (end - start) ** 2)
            ways.append((cost, [*before, range(start, end)]))
        best.append(min(ways, key=lambda way: way[0]))
    return best[-1][1]


def _breaks(arrangement: Arrangement) -> dict[int, int]:
    """Return what it costs to begin a row with a layer: the arrows that lead into it."""
    layer_of: dict[Item, int] = {}
    for index, layer in enumerate(arrangement.layers):
        layer_of.update(dict.fromkeys(layer, index))
    costs: dict[int, int] = {}
    for edge in arrangement.edges:
        for _, after in arrangement.pieces(edge):
            costs[layer_of[after]] = costs.get(layer_of[after], 0) + (2 if edge.label else 1)
    return costs
