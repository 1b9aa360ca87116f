"""The laptop's SageMaker: API, scheduler, job runners, registry and storage behind real boto3 clients."""
