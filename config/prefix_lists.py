"""The prefix list of S3 in each region: a security group that is closed otherwise lets requests to S3 out by its id.

CloudFormation cannot look it up. Read from what ``aws ec2 describe-prefix-lists`` prints in each region, published for
the first fifteen, and for eu-north-1 and ap-northeast-3 from published route tables and lists that agree. Regions whose
id could not be confirmed are left out: there the setting ``network.s3_prefix_list`` says it.
"""

from __future__ import annotations

S3: dict[str, str] = {
    "ap-northeast-1": "pl-61a54008",
    "ap-northeast-2": "pl-78a54011",
    "ap-south-1": "pl-78a54011",
    "ap-southeast-1": "pl-6fa54006",
    "ap-southeast-2": "pl-6ca54005",
    "ca-central-1": "pl-7da54014",
    "eu-central-1": "pl-6ea54007",
    "eu-west-1": "pl-6da54004",
    "eu-west-2": "pl-7ca54015",
    "eu-west-3": "pl-23ad484a",
    "sa-east-1": "pl-6aa54003",
    "us-east-1": "pl-63a5400a",
    "us-east-2": "pl-7ba54012",
    "us-west-1": "pl-6ba54002",
    "us-west-2": "pl-68a54001",
    "eu-north-1": "pl-c3aa4faa",
    "ap-northeast-3": "pl-a4a540cd",
}
