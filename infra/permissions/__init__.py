"""What jobs need, by what they need it for; ``infra.stacks.identity`` puts roles together from it.

Each permission follows the AWS documentation's lists for SageMaker execution roles, cut down to what these jobs do.
"""
