"""An AWS on the loopback interface that is honest enough for the real `cdk bootstrap` and `cdk deploy`.

Every service is moto's, except CloudFormation. moto's own skips resource types that it does not know and reports
CREATE_COMPLETE, drops properties, and turns a crash into a success at the CLI's second try: a deploy against it proves
nothing. ``cloudformation`` takes its place. It keeps CloudFormation's rules (order, parameters, conditions, exports,
update or replacement, rollback, what is retained) and makes each resource by calling its service through boto3:

* ``resources`` says, one type a module, which calls those are. A type that has no module fails the stack, by name; so
  does a property that a module leaves unused, or that boto3 does not know.
* ``repairs`` adds what moto's services lack, one operation or fault a module.
* ``server`` runs it all as a process, with `python -m tests.support.moto`.

What a green deploy here cannot show: that roles suffice, quotas, and how long anything takes.
"""
