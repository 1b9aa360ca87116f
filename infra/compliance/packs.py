"""The rule packs of cdk-nag."""

from __future__ import annotations

import aws_cdk as cdk
import cdk_nag


def hold_against_packs(app: cdk.App) -> None:
    """Have synth fail on every finding that is not acknowledged; the report is ``validation-report.json``."""
    cdk.Validations.of(app).add_plugins(
        cdk_nag.AwsSolutionsChecks(app),
        cdk_nag.NIST80053R5Checks(app),
        cdk_nag.HIPAASecurityChecks(app),
        cdk_nag.PCIDSS321Checks(app),
    )
