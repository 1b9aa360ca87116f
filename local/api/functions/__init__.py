"""The `lambda` service, whose name Python keeps for itself: functions created, described and invoked."""
