"""An earlier model of ours to go on from (incremental training), given as the channel `model`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from inference.archive import ArchiveError, open_archive, unpack
from inference.columns import FeaturesError
from inference.features import Features
from inference.job import JobError
from inference.predict import XGBOOST_FILE, ModelError, import_xgboost
from training_scripts.boosting import Start
from training_scripts.channels import channel

_ARCHIVE = "*.tar.gz"


def read_parent(features: Features) -> Start | None:
    """The trees of the model in the channel `model`; None where the job has no such channel.

    Raises JobError where it is no model of ours, or was trained on other features than those of this job.
    """
    folder = channel("model")
    if not folder.is_dir():
        return None
    with tempfile.TemporaryDirectory() as place:
        try:
            archive = open_archive(_unpacked(folder, Path(place)))
        except (ArchiveError, FeaturesError, ModelError) as error:
            raise JobError(f"the channel model: {error}") from error
        if archive.model.name != "xgboost":
            raise JobError("the channel model holds a linear model, and only XGBoost's can be continued.")
        _compare(archive.features, features)
        booster = import_xgboost().Booster(model_file=archive.folder / XGBOOST_FILE)
    # How good it was on its own validation rows says nothing about these.
    booster.set_attr(best_iteration=None, best_score=None)
    return Start(bytes(booster.save_raw("ubj")), int(booster.num_boosted_rounds()))


def _unpacked(folder: Path, place: Path) -> Path:
    archives = sorted(folder.rglob(_ARCHIVE))
    if not archives:
        return folder
    if len(archives) > 1:
        names = ", ".join(path.name for path in archives[:3])
        raise JobError(f"the channel model holds several archives ({names}); give it one.")
    return unpack(archives[0], place)


def _compare(parent: Features, ours: Features) -> None:
    """Raise JobError where the same row would not become the same features for the parent."""
    for name in ("kind", "target", "labels", "missing"):
        theirs, here = getattr(parent, name), getattr(ours, name)
        if theirs != here:
            raise JobError(f"the model to continue has the {name} {_shown(theirs)}, and this data {_shown(here)}.")
    before, now = ({column.name: column for column in features.columns} for features in (parent, ours))
    strange = sorted(before.keys() ^ now.keys())
    if strange:
        which = ", ".join(strange[:5])
        raise JobError(f"the model to continue and this data do not have the same columns ({which}); train anew.")
    changed = [name for name in before if before[name] != now[name]]
    if changed:
        which = ", ".join(changed[:5])
        raise JobError(
            f"the data was not prepared as that of the model to continue (columns {which}); prepare it with the "
            "features.json of that model: Prepare takes it by --like."
        )


def _shown(value: object) -> str:
    if isinstance(value, str):
        return value
    return ", ".join(sorted(str(each) for each in value)) or "nothing" if hasattr(value, "__iter__") else str(value)
