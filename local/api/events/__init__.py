"""EventBridge: events of one's own, delivered as those of the laptop's SageMaker are."""
