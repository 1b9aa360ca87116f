"""What a training image is, told by its name, whatever the account and the region."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec

# Images whose toolkit starts scripts with a framework: the package that a script will import, and its distribution.
_FRAMEWORKS = {
    "pytorch": ("torch", "PyTorch", "torch"),
    "tensorflow": ("tensorflow", "TensorFlow", "tensorflow"),
    "mxnet": ("mxnet", "MXNet", "mxnet"),
    "scikit-learn": ("sklearn", "scikit-learn", "scikit-learn"),
    "xgboost": ("xgboost", "XGBoost", "xgboost"),
}
# Algorithms that live in their images alone.
_ALGORITHMS = (
    "blazingtext", "factorization-machines", "forecasting-deepar", "image-classification", "ipinsights", "kmeans",
    "knn", "lda", "linear-learner", "ntm", "object-detection", "object2vec", "pca", "randomcutforest",
    "semantic-segmentation", "seq2seq",
)  # fmt: skip
_VERSION = re.compile(r"(\d+)(?:\.(\d+))?")
# `xgboost:1` and `xgboost:latest` of the first accounts hold this one.
_FIRST_XGBOOST = (0, 72)
_NEWEST = (99, 0)


@dataclass(frozen=True)
class Image:
    """An image's repository and tag."""

    repository: str
    tag: str

    @property
    def is_xgboost(self) -> bool:
        """Say whether it holds the built-in XGBoost algorithm."""
        return self.repository in ("xgboost", "sagemaker-xgboost")

    @property
    def runs_modules(self) -> bool:
        """Say whether its toolkit starts a script as a module (`python -m`), as the XGBoost images do."""
        return self.is_xgboost

    @property
    def algorithm(self) -> str | None:
        """The built-in algorithm that it holds and the laptop does not have."""
        return self.repository if self.repository in _ALGORITHMS else None

    @property
    def version(self) -> tuple[int, int]:
        """The framework's version, as far as its first two numbers; of a tag without numbers, the newest."""
        if self.repository == "xgboost" and self.tag in ("1", "latest"):
            return _FIRST_XGBOOST
        match = _VERSION.match(self.tag)
        return (int(match[1]), int(match[2] or 0)) if match else _NEWEST

    def missing_framework(self) -> str | None:
        """Say what to install where the image's framework is not here; None where it is."""
        for part, (module, shown, distribution) in _FRAMEWORKS.items():
            if part in self.repository and find_spec(module) is None:
                return (
                    f"runs in {self.repository}:{self.tag}, and {shown} is not installed here; "
                    f"install {distribution} beside Sageline (uv pip install --python .venv {distribution}), or make "
                    "an environment of its own for the image (SAGELINE_IMAGES)."
                )
        return None


def read_image(uri: str) -> Image:
    """Return what an image's URI names."""
    last = uri.rpartition("/")[2].partition("@")[0]
    repository, _, tag = last.partition(":")
    return Image(repository, tag or "latest")
