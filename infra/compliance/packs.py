"""The rule packs that synth holds templates against: cdk-nag's, and Guard rules of our own for what those miss."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import aws_cdk as cdk
import cdk_nag
from cdklabs.cdk_validator_cfnguard import CfnGuardValidator

GUARD_RULES = Path(__file__).with_name("guard")


def hold_against_packs(app: cdk.App) -> None:
    """Have synth fail on every finding that is not acknowledged; the report is ``validation-report.json``."""
    cdk.Validations.of(app).add_plugins(
        cdk_nag.AwsSolutionsChecks(app),
        cdk_nag.NIST80053R5Checks(app),
        cdk_nag.HIPAASecurityChecks(app),
        cdk_nag.PCIDSS321Checks(app),
        # It answers in an older form of the interface, which the CDK still takes.
        cast(Any, CfnGuardValidator(control_tower_rules_enabled=False, rules=[str(GUARD_RULES)])),
    )
