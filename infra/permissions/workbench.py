"""What notebooks do beside a data scientist's work: stop themselves, clone their repository; and what Studio does."""

from __future__ import annotations

from config.settings.workbench import CODECOMMIT, Repository
from infra.constructs.policy import Permission
from infra.permissions.place import Place

_SPACES = "Spaces and apps are made by the people who use them; the condition holds each to their own."


def stop_idle(place: Place, environment: str) -> Permission:
    """Return what stopping an idle notebook takes, which it does itself."""
    return Permission(
        "StopIdleNotebooks",
        ["sagemaker:StopNotebookInstance"],
        [place.arn("sagemaker", "notebook-instance", "*")],
        {"StringEquals": {"aws:ResourceTag/sageline:environment": environment}},
        because="A notebook's name is CloudFormation's choice; the tag says whose it is.",
    )


def clone(place: Place, repository: Repository) -> Permission | None:
    """Return what cloning a repository and pushing to it takes; nothing for a public one."""
    found = CODECOMMIT.fullmatch(repository.url)
    if found:
        arn = place.home.arn("codecommit", found["name"])
        return Permission("WorkOnRepository", ["codecommit:GitPull", "codecommit:GitPush"], [arn])
    if repository.secret:
        return Permission("ReadCredentialsOfRepository", ["secretsmanager:GetSecretValue"], [repository.secret])
    return None


def studio(place: Place, domain: str) -> list[Permission]:
    """Return what the people of a Studio domain do there: run apps in private spaces of their own."""
    profile = place.arn("sagemaker", "user-profile", f"{domain}/${{sagemaker:UserProfileName}}")
    spaces = place.arn("sagemaker", "space", f"{domain}/*")
    apps = place.arn("sagemaker", "app", f"{domain}/*")
    own = {
        "ArnLike": {"sagemaker:OwnerUserProfileArn": profile},
        "StringEquals": {"sagemaker:SpaceSharingType": "Private"},
    }
    return [
        Permission(
            "MakeOwnSpaces",
            ["sagemaker:CreateSpace", "sagemaker:DeleteSpace", "sagemaker:UpdateSpace"],
            [spaces],
            own,
            because=_SPACES,
        ),
        Permission("RunOwnApps", ["sagemaker:CreateApp", "sagemaker:DeleteApp"], [apps], own, because=_SPACES),
        Permission(
            "TagWhatIsMade",
            ["sagemaker:AddTags"],
            [spaces, apps],
            {"Null": {"sagemaker:TaggingAction": "false"}},
            because="Only while a space or an app is made, whose names its owner gives.",
        ),
        Permission("OpenOwnApps", ["sagemaker:CreatePresignedDomainUrl"], [profile]),
        Permission(
            "LookAtStudio",
            [
                "sagemaker:DescribeApp",
                "sagemaker:DescribeDomain",
                "sagemaker:DescribeSpace",
                "sagemaker:DescribeUserProfile",
            ],
            [
                place.arn("sagemaker", "domain", domain),
                place.arn("sagemaker", "user-profile", f"{domain}/*"),
                spaces,
                apps,
            ],
            because="Studio shows a domain with all that is in it.",
        ),
        Permission(
            "ListStudio",
            [
                "sagemaker:ListApps",
                "sagemaker:ListDomains",
                "sagemaker:ListSpaces",
                "sagemaker:ListUserProfiles",
            ],
            ["*"],
            place.only_here,
            because="These actions have no resource.",
        ),
    ]
