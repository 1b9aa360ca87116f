from __future__ import annotations

from collections import Counter

from local.hosting.routing import choose

VARIANTS = [{"VariantName": "a", "CurrentWeight": 3.0}, {"VariantName": "b", "CurrentWeight": 1.0}]


def test_the_same_inference_id_meets_the_same_variant_and_weights_hold_over_many() -> None:
    chosen = [choose(VARIANTS, "shop", f"customer-{number}")["VariantName"] for number in range(2000)]
    assert chosen == [choose(VARIANTS, "shop", f"customer-{number}")["VariantName"] for number in range(2000)]
    assert 1400 < Counter(chosen)["a"] < 1600


def test_requests_without_an_id_meet_the_variants_in_proportion() -> None:
    assert Counter(choose(VARIANTS, "shop", None)["VariantName"] for _ in range(40))["a"] in range(29, 32)


def test_a_variant_without_weight_gets_nothing() -> None:
    variants = [{"VariantName": "off", "CurrentWeight": 0.0}, {"VariantName": "on", "CurrentWeight": 0.1}]
    assert {choose(variants, "shop", str(number))["VariantName"] for number in range(50)} == {"on"}
