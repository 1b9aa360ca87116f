"""The laptop's SageMaker Neo: compilation jobs, each a process of its own, done by the project's own compiler."""
