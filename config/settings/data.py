"""How an environment keeps data."""

from __future__ import annotations

from pydantic import Field

from config.fields import Settings

MOST_DAYS = 3_650


class Data(Settings):
    """How long data is kept, and what is written down about who reads it."""

    noncurrent_days: int = Field(
        default=90,
        ge=1,
        le=MOST_DAYS,
        description="How many days an object that was replaced or deleted can still be brought back.",
    )
    captured_days: int = Field(
        default=90,
        ge=1,
        le=MOST_DAYS,
        description="How many days requests and answers that endpoints captured are kept.",
    )
    log_days: int = Field(
        default=365,
        ge=1,
        le=MOST_DAYS,
        description="How many days access logs of buckets and the trail's files are kept.",
    )
    key_deletion_days: int = Field(
        default=30, ge=7, le=30, description="How many days a key that is to be deleted can still be saved."
    )
    trail: bool = Field(
        default=True,
        description="Whether CloudTrail writes down each read and write of an object (about 0.10 USD per 100,000).",
    )
    catalog: bool = Field(
        default=False, description="Whether a Glue database is there, to query captured data with Athena."
    )
