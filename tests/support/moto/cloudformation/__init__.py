"""CloudFormation: templates in, calls to the services out."""
