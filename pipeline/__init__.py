"""Builds the SageMaker pipeline definition and the code bundle of its jobs; the SageMaker SDK is used here alone."""
