"""The classical pipeline of SageMaker's tutorials, as other people write and build it: scripts, data, definitions."""
