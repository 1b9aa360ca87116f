"""What a request wants as its answer: a format and what is told of each row.

Both stand in the header Accept, whose parameters ask for more than the default:
`application/json;explain=contributions`. Custom attributes of InvokeEndpoint (`X-Amzn-SageMaker-Custom-Attributes`) may
say the same, for clients that cannot choose parameters: `output=predicted_label+scores,explain=contributions`. Other
attributes there are the caller's own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from inference.formats.table import RequestError
from inference.media_types import CSV, JSON, JSON_LINES, NPY, SAME, MediaType, ranges
from inference.requests import format_of

LABEL, SCORE, SCORES, EXPLANATION = "predicted_label", "score", "scores", "explanation"
WRITTEN = (CSV, JSON, JSON_LINES, NPY)

_MEMBERS = {"regression": (SCORE,), "binary": (LABEL, SCORE, SCORES), "multiclass": (LABEL, SCORE, SCORES)}
_DEFAULTS = {"regression": (SCORE,), "binary": (LABEL, SCORE), "multiclass": (LABEL, SCORES)}
_NUMBERS = {"regression": (SCORE,), "binary": (SCORE,), "multiclass": (SCORES,)}
_EXPLAINED = ("contributions", "true")
_ANY = "*/*"
_ROWS, _EXPLAINED_ROWS = 256, 16


@dataclass(frozen=True)
class Wanted:
    """A format, the members of each row's answer in order, and whether CSV gets a header."""

    type: str
    members: tuple[str, ...]
    header: bool = False

    @property
    def rows_at_once(self) -> int:
        """Rows to answer at a time: some milliseconds of work."""
        return _EXPLAINED_ROWS if self.explained else _ROWS

    @property
    def explained(self) -> bool:
        """Whether the answer explains itself."""
        return EXPLANATION in self.members


@lru_cache(maxsize=256)
def wanted(accept: str, attributes: str, content_type: str, kind: str) -> Wanted:
    """What the headers of a request ask of a model of a kind of problem.

    Raises RequestError, 406, where nothing that can be answered is accepted.
    """
    media = _chosen(accept or _ANY, format_of(content_type)[0])
    options = {**_attributes(attributes), **media.parameters}
    members = _members(options.get("output", ""), kind, media.type)
    explain = options.get("explain", "false").lower()
    if explain in _EXPLAINED and EXPLANATION not in members:
        members = (*members, EXPLANATION)
    elif explain not in (*_EXPLAINED, "false"):
        raise RequestError(f"explain={explain[:40]} is not served; ask for explain=contributions.", 406)
    if media.type == NPY and LABEL in members and len(members) > 1:
        raise RequestError(f"an array holds numbers or texts: ask for output={LABEL} alone, or leave it out.", 406)
    return Wanted(media.type, members, header=options.get("header", "").lower() == "present")


def _chosen(accept: str, given: str) -> MediaType:
    """The served type that is wanted most: by its quality, then by its place in the header, then the request's own."""
    accepted = [MediaType(SAME.get(media.type, media.type), media.parameters) for media in ranges(accept)]
    own = given if given in WRITTEN else JSON
    best: tuple[float, float, bool] = (0.0, -math.inf, False)
    chosen = None
    for kind in WRITTEN:
        covering = [(place, media) for place, media in enumerate(accepted) if _covers(media.type, kind)]
        if not covering:
            continue
        # The most specific range says how much a type is wanted.
        place, media = min(covering, key=lambda found: (found[1].type.count("*"), found[0]))
        rank = (media.quality, -float(place), kind == own)
        if media.quality > 0 and rank > best:
            best, chosen = rank, MediaType(kind, media.parameters)
    if chosen is None:
        shown = f"{accept[:80]}"
        raise RequestError(f"the answer type {shown} is not served; accept {', '.join(WRITTEN)}.", 406)
    return chosen


def _covers(wide: str, kind: str) -> bool:
    return wide in (kind, _ANY, f"{kind.partition('/')[0]}/*")


def _members(output: str, kind: str, media: str) -> tuple[str, ...]:
    if not output:
        return (_NUMBERS if media == NPY else _DEFAULTS)[kind]
    members = tuple(dict.fromkeys(output.lower().split("+")))
    possible = (*_MEMBERS[kind], EXPLANATION)
    if not set(members) <= set(possible):
        raise RequestError(f"output={output[:80]} is not served; this model tells {', '.join(possible)}.", 406)
    return members


def _attributes(header: str) -> dict[str, str]:
    """The options among custom attributes, `name=value` separated by commas or semicolons."""
    pairs = [part.partition("=") for part in header.replace(";", ",").split(",")]
    found = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return {name: found[name] for name in ("output", "explain", "header") if name in found}
