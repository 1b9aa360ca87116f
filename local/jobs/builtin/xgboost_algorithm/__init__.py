"""The built-in XGBoost algorithm: `python -m local.jobs.builtin.xgboost_algorithm`, as its image runs it.

Source of names, ranges, messages and formats: aws/sagemaker-xgboost-container (`algorithm_mode`), all versions.
"""
