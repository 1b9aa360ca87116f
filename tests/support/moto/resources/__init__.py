"""Resource types, one a module: the calls that make, change and delete one, and what ``Ref`` and ``Fn::GetAtt`` give.

Adding a type is adding a module with a ``RESOURCE``. Whatever a module does not take from its properties fails the
stack; whatever it hands to a call is held by boto3 against the service's own model.
"""
