"""The candidate: what is evaluated, registered and served, whichever step has made it."""

from __future__ import annotations

from typing import Any

from config.metrics import kinds
from pipeline import names
from pipeline.site import Site
from pipeline.training import SCRIPT_MODE_ENVIRONMENT

#: How the image's server finds the code inside the archives of our own training.
SERVING_ENVIRONMENT = {
    "SAGEMAKER_PROGRAM": "serving.py",
    "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
    **SCRIPT_MODE_ENVIRONMENT,
}

#: What the container of an AutoML job's candidate is told by the job. Source: the SDK's AutoMLStep.
_TAKEN_OVER = (
    "MODEL_NAME",
    "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT",
    "SAGEMAKER_INFERENCE_SUPPORTED",
    "SAGEMAKER_PROGRAM",
    "SAGEMAKER_SUBMIT_DIRECTORY",
)
#: The columns that a classifier of AutoML answers with; by default it names the label alone.
ANSWER = ("predicted_label", "probability", "probabilities", "labels")


def archive(site: Site) -> Any:
    """Return the address of the candidate's archive: of the model trained, the best tuned, or AutoML's best."""
    if site.automl:
        return _best(site).ModelDataUrl
    if site.problem.tuning is None:
        return site.model_archive(names.TRAIN)
    return site.steps[names.TUNE].best_model


def container(site: Site) -> dict[str, Any]:
    """Return the image, the archive and the environment that serve the candidate."""
    if site.automl:
        image, environment = _best(site).Image, _automl_environment(site)
    else:
        image = site.serving_image
        # Our own image has no script mode, and needs to be told nothing.
        environment = SERVING_ENVIRONMENT if site.problem.deploy.container is None else {}
    return {
        "Image": image,
        "ModelDataUrl": archive(site),
        **({"Environment": environment} if environment else {}),
    }


def _best(site: Site) -> Any:
    """In the mode ENSEMBLING the best candidate has one container."""
    return site.steps[names.AUTO_ML].properties.BestCandidate.InferenceContainers[0]


def _automl_environment(site: Site) -> dict[str, Any]:
    given = _best(site).Environment
    chosen = kinds(site.problem.kind, site.problem.metric) != ["regression"]
    answer = {"SAGEMAKER_INFERENCE_OUTPUT": ",".join(ANSWER)} if chosen else {}
    return {**{name: given[name] for name in _TAKEN_OVER}, **answer}
