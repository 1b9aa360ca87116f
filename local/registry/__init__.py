"""What is registered and what can be deployed: model packages, models, endpoint configurations and callback tokens.

Steps of a pipeline and the API make the same resources by the same functions. Nothing here needs botocore.
"""
