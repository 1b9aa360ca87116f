"""XGBoost, without what it would load for wrappers that nothing here uses: they take longer than a small training."""

from __future__ import annotations

from inference.lean import without

with without("pandas", "sklearn"):
    import xgboost

__all__ = ["xgboost"]
