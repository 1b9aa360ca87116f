"""What serves models inside an image, told by the image's name."""

from __future__ import annotations

XGBOOST, SKLEARN, OTHER, OWN, NEO = "xgboost", "sklearn", "other", "own", "neo"
OWN_REPOSITORY = "sageline-serving"
"""What the image of our own (infra/container) is called, in whatever registry."""
# The first that is part of a name counts.
_NAMES = {"xgboost-neo": NEO, "xgboost": XGBOOST, "scikit-learn": SKLEARN, "sklearn": SKLEARN}


def toolkit_of(image: str) -> str:
    """Return OWN for the server of our own image, NEO for Neo's, else the toolkit whose defaults apply to scripts."""
    name = image.rpartition("/")[2].partition(":")[0].partition("@")[0]
    if name == OWN_REPOSITORY:
        return OWN
    return next((toolkit for part, toolkit in _NAMES.items() if part in name), OTHER)
