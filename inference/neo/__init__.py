"""Models for SageMaker Neo, which reads the binary files of XGBoost 1.3 and nothing newer.

These modules also run in the image that still has XGBoost 1.3, whose Python is 3.7: they use nothing that is newer, and
the standard library alone.
"""
