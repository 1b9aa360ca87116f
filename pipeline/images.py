"""The container image that every job runs in, by region."""

from __future__ import annotations

FRAMEWORK = "xgboost"
VERSION = "3.2-0"

#: The image that still has XGBoost 1.3, the newest whose models Neo reads.
NEO_VERSION = "1.3-1"


def xgboost_image(region: str, version: str = VERSION) -> str:
    """Return the image's URI in a region, which must be one of ``config.regions.REGIONS``.

    Looked up while building: the SDK cannot choose a registry by a region or an instance type that is a parameter.
    """
    from sagemaker.core import image_uris  # noqa: PLC0415 - only inside ``offline``

    return str(image_uris.retrieve(FRAMEWORK, region=region, version=version, image_scope="training"))
