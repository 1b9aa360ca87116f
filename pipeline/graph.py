"""Which steps there are, and where. A new step is a file in ``pipeline/steps`` and its line here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pipeline.site import Site
from pipeline.steps import (
    auto_ml,
    batch_transform,
    champion_gate,
    compile_model,
    create_model,
    create_neo_model,
    deploy_gate,
    endpoint,
    endpoint_config,
    evaluate,
    export_for_neo,
    fail,
    fail_champion,
    find_champion,
    fit_shards,
    merge_fits,
    predict_test,
    prepare,
    prepare_batch,
    quality_gate,
    register,
    smoke_test,
    train,
    train_baseline,
    transform_shards,
    tune,
)

#: How several hosts prepare the data, where the problem asks for them: isolated, they cannot talk to one another.
SHARDED: tuple[Callable[[Site], Any], ...] = (fit_shards.build, merge_fits.build, transform_shards.build)

#: Steps from the prepared data to the quality gate. What runs when follows from what they read, not from this order.
MAIN: tuple[Callable[[Site], Any], ...] = (
    find_champion.build,
    train_baseline.build,
    lambda site: (train if site.problem.tuning is None else tune).build(site),
    evaluate.build,
)

#: The same where the choice of the model is left to AutoML, whose models are measured by what they answer.
AUTO: tuple[Callable[[Site], Any], ...] = (
    find_champion.build,
    train_baseline.build,
    auto_ml.build,
    create_model.build,
    predict_test.build,
    evaluate.build,
)

#: Steps for a model that is good enough.
PASSED: tuple[Callable[[Site], Any], ...] = (register.build,)

#: Steps that serve rows in batch, where the problem asks for it.
BATCH: tuple[Callable[[Site], Any], ...] = (create_model.build, batch_transform.build)

#: The same for a model of AutoML's, which is there already and takes rows in a form of its own.
AUTO_BATCH: tuple[Callable[[Site], Any], ...] = (prepare_batch.build, batch_transform.build)

#: Steps that serve the model behind an endpoint; they are in every pipeline, behind the parameter DeployEndpoint.
DEPLOYED: tuple[Callable[[Site], Any], ...] = (
    create_model.build,
    endpoint_config.build,
    endpoint.build,
    smoke_test.build,
)

#: The same where the compiled model is served, in Neo's own image: scoring in batch has a model of its own.
DEPLOYED_BY_NEO: tuple[Callable[[Site], Any], ...] = (
    create_neo_model.build,
    endpoint_config.build,
    endpoint.build,
    smoke_test.build,
)

#: Steps for a model that is not, and for one that is worse than the approved model.
STOPPED: tuple[Callable[[Site], Any], ...] = (fail.build,)
WORSE: tuple[Callable[[Site], Any], ...] = (fail_champion.build,)


def _compiled(site: Site) -> tuple[Callable[[Site], Any], ...]:
    """Return the steps that compile the model, where the problem asks for it."""
    wanted = site.problem.compile
    if wanted is None:
        return ()
    exported = (export_for_neo.build,) if wanted.framework == "xgboost" else ()
    return (*exported, *(partial(compile_model.build, target=target) for target in wanted.targets))


def steps(site: Site) -> list[Any]:
    """Return the pipeline's steps; those inside the gate's branches stand in the gate."""
    preparing = SHARDED if site.problem.processing.shards > 1 else (prepare.build,)
    main, batch = (AUTO, AUTO_BATCH) if site.automl else (MAIN, BATCH)
    if not site.problem.deploy.batch:
        batch = ()
    before = _built(site, (*preparing, *main))
    passed = _built(site, (*PASSED, *_compiled(site), *batch))
    served = DEPLOYED_BY_NEO if create_neo_model.wanted(site) else DEPLOYED
    deployed = _built(site, tuple(build for build in served if build not in (*main, *batch)))
    beside = champion_gate.build(site, [*passed, deploy_gate.build(site, deployed)], _built(site, WORSE))
    return [*before, quality_gate.build(site, [beside], _built(site, STOPPED))]


def _built(site: Site, builders: tuple[Callable[[Site], Any], ...]) -> list[Any]:
    built = []
    for build in builders:
        step = build(site)
        site.steps[step.name] = step
        built.append(step)
    return built
