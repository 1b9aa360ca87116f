"""Types of settings that problems and environments share."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

LONGEST_TEXT = 256
"""What SageMaker takes for one argument of a job, which is how such texts reach the scripts."""
LONGEST_NAME = 40
NAME = r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$"


class Settings(BaseModel):
    """Settings that cannot change, know no unknown keys, and convert nothing silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def mistake(message: str, fix: str) -> PydanticCustomError:
    """Return an error for a validator to raise, with the way to mend it."""
    return PydanticCustomError("mistake", "{message}", {"message": message, "fix": fix})


def written_as(pattern: str, otherwise: str, fix: str, *, shown: int = 60) -> AfterValidator:
    """Return what checks that a text matches an ASCII pattern as a whole, and says of another what it is not."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise mistake(f"`{text[:shown]}` {otherwise}", fix)
        return text

    return AfterValidator(check)


def _check_name(name: str) -> str:
    if not re.match(NAME, name) or len(name) > LONGEST_NAME:
        raise mistake(
            f"`{name[:60]}` cannot be a name.",
            f"Use at most {LONGEST_NAME} lower-case letters, digits and single `_` or `-`, starting with a letter.",
        )
    return name


def fits_argument(text: str) -> bool:
    """Say whether a text can be handed to a job: not empty, not too long, no control characters."""
    return 0 < len(text) <= LONGEST_TEXT and bool(text.strip()) and not _has_controls(text)


def _has_controls(text: str) -> bool:
    return any(ord(character) < 32 for character in text)


def _check_text(text: str) -> str:
    if not text.strip():
        raise mistake("it is empty.", "Write the text, or remove the setting.")
    if len(text) > LONGEST_TEXT:
        raise mistake(
            f"{text[:30]!r}… has {len(text):,} characters.",
            f"SageMaker takes {LONGEST_TEXT} in an argument of a job: use a shorter one, in the data as well.",
        )
    if _has_controls(text):
        raise mistake(
            f"{text[:60]!r} holds a line break or another control character.",
            "SageMaker takes none in an argument of a job: rename it in the data.",
        )
    return text


def nothing_as_none_given(value: Any) -> Any:
    """Read a name with nothing behind it as settings that are all left out."""
    return {} if value is None else value


def nothing_as_defaults(value: Any) -> Any:
    """Read it so, and each name in it as well: `alice:` is a notebook with the settings of all."""
    if isinstance(value, dict):
        return {name: nothing_as_none_given(each) for name, each in value.items()}
    return nothing_as_none_given(value)


def _nothing_as_empty(value: Any) -> Any:
    return () if value is None else value


Name = Annotated[str, AfterValidator(_check_name)]
Text = Annotated[str, AfterValidator(_check_text)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_nothing_as_empty), Field(strict=False)]
