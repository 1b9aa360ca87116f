"""The container images that jobs and models run in, by region."""

from __future__ import annotations

FRAMEWORK = "xgboost"
VERSION = "3.2-0"

#: The image that still has XGBoost 1.3, the newest whose models Neo reads.
NEO_VERSION = "1.3-1"

#: Neo's own image, which serves the trees that Neo has compiled.
NEO_FRAMEWORK = "xgboost-neo"


def xgboost_image(region: str, version: str = VERSION) -> str:
    """Return the image's URI in a region, which must be one of ``config.regions.REGIONS``.

    Looked up while building: the SDK cannot choose a registry by a region or an instance type that is a parameter.
    """
    from sagemaker.core import image_uris  # noqa: PLC0415 - only inside ``offline``

    return str(image_uris.retrieve(FRAMEWORK, region=region, version=version, image_scope="training"))


def neo_image(region: str) -> str:
    """Return the URI of Neo's own image in a region, which must be none of ``config.regions.WITHOUT_NEO``."""
    from sagemaker.core import image_uris  # noqa: PLC0415 - only inside ``offline``

    return str(image_uris.retrieve(NEO_FRAMEWORK, region=region, image_scope="inference"))
