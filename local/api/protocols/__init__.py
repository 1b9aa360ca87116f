"""How requests and responses look on the wire: one module a protocol, all driven by botocore's service models."""
