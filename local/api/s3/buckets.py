"""Buckets: folders that come into being when they are asked for, or with their first object."""

from __future__ import annotations

from local.api.call import Call, Response
from local.api.errors import ServiceError
from local.api.s3 import access
from local.api.sts.operations import CALLER
from local.store.names import ACCOUNT, REGION


def create_bucket(call: Call) -> Response:
    """Make a bucket; one that is there already is left as it is, as in us-east-1."""
    with access.storing():
        call.store.objects.create_bucket(call.params["Bucket"])
    return {"Location": f"/{call.params['Bucket']}"}


def head_bucket(call: Call) -> Response:
    """Say that a bucket is there."""
    access.bucket_folder(call.store, call.params["Bucket"])
    return {"BucketRegion": REGION}


def get_bucket_location(call: Call) -> Response:
    """Return where a bucket is: nothing at all for us-east-1, as S3 has it."""
    access.bucket_folder(call.store, call.params["Bucket"])
    return {}


def list_buckets(call: Call) -> Response:
    """Return all buckets."""
    names = call.store.objects.buckets()
    root = call.store.objects.root
    return {
        "Buckets": [{"Name": name, "CreationDate": (root / name).stat().st_mtime} for name in names],
        "Owner": {"DisplayName": CALLER.rpartition("/")[2], "ID": ACCOUNT},
    }


def delete_bucket(call: Call) -> Response:
    """Remove a bucket that holds nothing."""
    folder = access.bucket_folder(call.store, call.params["Bucket"])
    try:
        folder.rmdir()
    except OSError:
        raise ServiceError("BucketNotEmpty", "The bucket you tried to delete is not empty.", status=409) from None
    return {}


OPERATIONS = {
    "CreateBucket": create_bucket,
    "DeleteBucket": delete_bucket,
    "GetBucketLocation": get_bucket_location,
    "HeadBucket": head_bucket,
    "ListBuckets": list_buckets,
}
