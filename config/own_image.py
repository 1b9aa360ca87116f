"""The image of Sageline's own server (`infra/container`), in the registry of an environment's account."""

from __future__ import annotations

import re

from config.fields import mistake

OWN_REPOSITORY = "sageline-serving"
_TAGGED = re.compile(rf"{OWN_REPOSITORY}:[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}}", re.ASCII)


def check_own_image(image: str) -> str:
    """Return the name of the own image; a mistake where it is another one's, or lacks its tag."""
    if not _TAGGED.fullmatch(image):
        raise mistake(
            f"`{image[:200]}` is not the image that `make image` builds.",
            f"Write `{OWN_REPOSITORY}:` and the tag it was pushed with, or leave it out for AWS's XGBoost image.",
        )
    return image
