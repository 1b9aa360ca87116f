"""What is wrong with a definition or a value: one finding each, and the errors that carry several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Json: TypeAlias = Any
"""A parsed JSON value. Definitions come from anywhere, so every reader checks what it takes out of one."""

Where: TypeAlias = tuple[str | int, ...]
"""The place of a value in a JSON document: member names and list indexes from the root."""

Severity = Literal["error", "warning"]

_MAX_CANDIDATES = 200
_MAX_SHOWN = 80


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, where it is and how to mend it.

    `path` is for people, such as `Steps[2].Arguments.HyperParameters.eta (step Train)`; `where` is the same place for
    programs, and orders findings as the document does.
    """

    rule: str
    path: str
    message: str
    fix: str
    severity: Severity = "error"
    where: Where = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.path}: {self.message} {self.fix}".rstrip()


class DefinitionError(ValueError):
    """A definition that cannot be read; `findings` holds everything that stands in the way."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = list(findings)


class ParameterError(DefinitionError):
    """Values given for a pipeline's parameters that do not fit them; all mistakes at once."""


def show(where: Iterable[str | int], step: str | None = None) -> str:
    """Writes a place as people read it: `Steps[2].Arguments.Environment['a.b'] (step Train)`."""
    text = ""
    for part in where:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.replace("_", "").replace("-", "").replace(":", "").isalnum():
            text += f".{part}" if text else part
        else:
            text += f"[{quote(part)}]"
    return f"{text or 'the definition'} (step {step})" if step else text or "the definition"


def subject(where: Where) -> str:
    """Names a place in a sentence by its last member, with the indexes after it: `DependsOn[1]`."""
    start = len(where)
    while start > 0 and isinstance(where[start - 1], int):
        start -= 1
    return show(where[max(start - 1, 0) :]) if where else "The definition"


def quote(value: object) -> str:
    """Shows a value in a sentence, cut so that a hostile one cannot fill the screen."""
    if isinstance(value, int) and value.bit_length() > 256:
        return "a number of very many digits"
    text = repr(value[: _MAX_SHOWN + 1]) if isinstance(value, str) else _cut_repr(value)
    return text if len(text) <= _MAX_SHOWN + 2 else f"{text[:_MAX_SHOWN]}…"


def _cut_repr(value: object) -> str:
    # reprlib bounds both the depth and the length of what it writes.
    import reprlib  # noqa: PLC0415 (only when something is wrong)

    short = reprlib.Repr()
    short.maxdict = short.maxlist = short.maxtuple = 4
    short.maxstring = short.maxother = _MAX_SHOWN
    return short.repr(value)


def suggest(name: str, known: Iterable[str], what: str) -> str:
    """Says how to mend an unknown name: the closest known one, or the whole choice when it is short."""
    names = [str(each) for each in known][:_MAX_CANDIDATES]
    if not names:
        return f"Declare a {what}, or remove this."
    import difflib  # noqa: PLC0415 (only when something is wrong)

    close = difflib.get_close_matches(name[:_MAX_SHOWN], names, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {quote(close[0])}?"
    if len(names) <= 12:
        return f"Use one of {', '.join(quote(each) for each in names)}."
    return f"Use the name of a {what} that exists, such as {quote(names[0])}."
