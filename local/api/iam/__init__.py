"""The `iam` service: roles and policies that programs make before they start jobs. Kept, and without effect."""
