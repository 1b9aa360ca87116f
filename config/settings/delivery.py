"""How an environment is deployed by a git push: by GitHub Actions, by CodePipeline, or by both."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.fields import Settings, Text, written_as
from config.settings.data import MOST_DAYS

# A name of GitHub's, and the number that keeps it apart from whoever takes the name later.
_OWNER, _NAME, _NUMBER = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})", r"[A-Za-z0-9._-]{1,100}", r"@[0-9]{1,20}"
_ARN = r"arn:aws[a-z-]*"
LONGEST_BRANCH = 255

_Subject = Annotated[
    str,
    written_as(
        rf"{_OWNER}/{_NAME}|{_OWNER}{_NUMBER}/{_NAME}{_NUMBER}",
        "is no repository.",
        "Write `OWNER/REPOSITORY`; for one that was made, renamed or moved since 15 July 2026 with both numbers, "
        "`OWNER@1234/REPOSITORY@5678`, as its OIDC settings on GitHub show them.",
        shown=80,
    ),
]
_Repository = Annotated[
    str,
    written_as(rf"[A-Za-z0-9._-]{{1,100}}(?:/{_NAME})+", "is no repository.", "Write `OWNER/REPOSITORY`.", shown=80),
]
_DeploymentEnvironment = Annotated[
    str,
    # Wild-cards would trust more than one; a colon would end the name in the token's subject.
    written_as(
        r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}",
        "cannot be the name of a deployment environment here.",
        "Use letters, digits, `.`, `_` and `-`.",
    ),
]
_Provider = Annotated[
    str,
    written_as(
        rf"{_ARN}:iam::[0-9]{{12}}:oidc-provider/token\.actions\.githubusercontent\.com",
        "is not GitHub's identity provider.",
        "Write `arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com` with your account.",
        shown=80,
    ),
]
_Connection = Annotated[
    str,
    written_as(
        rf"{_ARN}:(codeconnections|codestar-connections):[a-z0-9-]+:[0-9]{{12}}:connection/[0-9a-f-]{{36}}",
        "is no connection.",
        "Make one in the console, under Developer Tools, Connections, finish it there, and copy its ARN.",
        shown=80,
    ),
]
_Branch = Annotated[
    str,
    written_as(
        rf"[A-Za-z0-9][A-Za-z0-9._/-]{{0,{LONGEST_BRANCH - 1}}}", "is no branch.", "Write its name, such as `main`."
    ),
]


class GitHub(Settings):
    """Who of GitHub Actions may deploy."""

    repository: _Subject = Field(
        description="The repository whose jobs may deploy here: `OWNER/REPOSITORY`, or with GitHub's numbers "
        "`OWNER@1234/REPOSITORY@5678` where it was made, renamed or moved since 15 July 2026."
    )
    environment: _DeploymentEnvironment | None = Field(
        default=None,
        description="The repository's deployment environment that its jobs must run in, whose rules say which branches "
        "deploy and who approves; the environment's own name when left out.",
    )
    provider_arn: _Provider | None = Field(
        default=None,
        description="GitHub's identity provider where the account has it already: it can have one. Else it is made.",
    )
    session_hours: int = Field(
        default=1, ge=1, le=12, description="How long a job's credentials are good for, at most; a run must fit in."
    )


class CodePipeline(Settings):
    """How CodePipeline deploys."""

    connection_arn: _Connection = Field(
        description="The connection to where the repository is (CodeConnections), made and finished in the console."
    )
    repository: _Repository = Field(description="The repository: `OWNER/REPOSITORY`.")
    branch: _Branch = Field(default="main", description="The branch whose pushes are deployed.")
    approval: bool = Field(
        default=True, description="Whether a person must approve before anything is deployed; in development, `false`."
    )
    problem: Text = Field(
        default="breast_cancer",
        description="The problem whose pipeline is run after a deployment, and whose endpoint is tried.",
    )
    timeout_minutes: int = Field(
        default=120, ge=5, le=480, description="How long each of its steps may take; running the pipeline is one."
    )
    artifact_days: int = Field(
        default=30, ge=1, le=MOST_DAYS, description="How many days the sources that it fetched are kept."
    )
    log_days: int = Field(default=90, ge=1, le=MOST_DAYS, description="How many days the logs of its steps are kept.")


class Delivery(Settings):
    """How an environment is deployed by a git push."""

    github: GitHub | None = Field(default=None, description="The repository on GitHub whose Actions deploy here.")
    codepipeline: CodePipeline | None = Field(default=None, description="A pipeline of CodePipeline that deploys here.")
