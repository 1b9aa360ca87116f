"""SageMaker's operations, one file for each kind of resource."""
