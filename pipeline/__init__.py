"""Builds the SageMaker pipeline definition, and the code bundle that its jobs run; the SageMaker SDK is used here alone."""
