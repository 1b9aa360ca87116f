"""The operations of SageMaker that the laptop offers, gathered from the files of their resources."""

from __future__ import annotations

from local.api.call import Handler
from local.api.sagemaker import (
    auto_ml,
    callbacks,
    compilation_jobs,
    endpoints,
    executions,
    jobs,
    model_package_groups,
    model_packages,
    models,
    pipelines,
    runs,
    tags,
)
from local.api.sagemaker.search import operation as search

OPERATIONS: dict[str, Handler] = {
    name: handler
    for module in (
        pipelines,
        runs,
        executions,
        callbacks,
        compilation_jobs,
        jobs,
        auto_ml,
        model_package_groups,
        model_packages,
        models,
        endpoints,
        tags,
        search,
    )
    for name, handler in module.OPERATIONS.items()
}
