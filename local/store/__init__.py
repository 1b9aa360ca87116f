"""What the laptop's SageMaker remembers: state in SQLite, objects as files, all below one home folder."""
