"""Which of its two step caches an execution uses, told by the pipeline's tag while the execution is started."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cli.session import Session

TAG = "sageline:cache"


@contextmanager
def chosen_cache(session: Session, pipeline: str, wanted: str | None) -> Iterator[None]:
    """Tag the pipeline with the wanted cache, and give it back the tag that it had; None leaves everything as it is.

    An execution notes the choice as it is recorded. A request to start one has no member for it.
    """
    if wanted is None:
        yield
        return
    sagemaker = session.sagemaker
    arn = sagemaker.describe_pipeline(PipelineName=pipeline)["PipelineArn"]
    pages = sagemaker.get_paginator("list_tags").paginate(ResourceArn=arn)
    before = {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}.get(TAG)
    if before == wanted:
        yield
        return
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": TAG, "Value": wanted}])
    try:
        yield
    finally:
        if before is None:
            sagemaker.delete_tags(ResourceArn=arn, TagKeys=[TAG])
        else:
            sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": TAG, "Value": before}])
