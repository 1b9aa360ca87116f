from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import definition, found, processing

RULE = "cache-config"


def cached(expiry: Any) -> Any:
    return definition(processing(CacheConfig={"Enabled": True, "ExpireAfter": expiry}))


CASES = [
    (cached(text), "Steps[0].CacheConfig.ExpireAfter (step Prepare)", f"must be an ISO 8601 duration, and is '{text}'.")
    for text in ("P", "PT", "P30", "P1H", "", "P1DT", "a month")
]
SOUND = [cached(text) for text in ("P30D", "30d", "PT12H", "P1Y2M3DT4H5M6S", None)]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == path
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
