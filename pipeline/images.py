"""The container image that every job runs in, by region."""

from __future__ import annotations

FRAMEWORK = "xgboost"
VERSION = "3.2-0"


class ImageError(ValueError):
    """A region in which the image is not offered."""


def xgboost_image(region: str) -> str:
    """Return the image's URI in a region.

    Looked up while building: the SDK cannot choose an account for a region or an instance type that is a parameter.

    Raises:
        ImageError: when AWS does not offer the image in the region.
    """
    from sagemaker.core import image_uris  # noqa: PLC0415 - only inside ``offline``

    try:
        return str(image_uris.retrieve(FRAMEWORK, region=region, version=VERSION, image_scope="training"))
    except (ValueError, KeyError) as error:
        raise ImageError(
            f"The image sagemaker-{FRAMEWORK}:{VERSION} is not offered in region {region!r}. "
            "Set the environment's region to one where SageMaker offers it."
        ) from error
