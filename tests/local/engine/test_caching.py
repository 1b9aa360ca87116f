"""What is taken from the cache, what is not, and what is said about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.pipelines import CACHED, Ended, Lab, code_archive, definition, get, output_of, processing, training

COUNT = "import pathlib,sys; pathlib.Path(sys.argv[1], 'v').write_text(sys.argv[2]); open(sys.argv[3],'a').write('x')"
OUT = "/opt/ml/processing/output/out"
TRAIN = (
    "import argparse, os, pathlib\n"
    "parser = argparse.ArgumentParser(); parser.add_argument('--eta'); eta = parser.parse_args().eta\n"
    "print(f'train-auc:{eta}')\n"
    "pathlib.Path(os.environ['SM_MODEL_DIR'], 'model.json').write_text(eta)\n"
)


AWS_HITS = "AWS would take this from its cache: same request, whatever lies at its addresses."


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """A file that grows by a letter whenever the counting step really runs."""
    return tmp_path / "ran"


def pipeline(ran: Path, *, data: str, cache: Any = None, version: str = "v1", more: str = "same") -> dict[str, Any]:
    step = processing(
        "Count", COUNT, OUT, more, str(ran), get("Parameters.DataVersion"), inputs={"data": data}, outputs=("out",)
    )
    return definition({**step, "CacheConfig": cache or CACHED}, DataVersion=version)


def cache(done: Ended, step: str = "Count") -> tuple[str, str]:
    record = done.steps[step].cache
    assert record is not None
    return record["result"], record["reason"]


def times(ran: Path) -> int:
    return len(ran.read_text())


def test_the_same_work_is_taken_from_the_cache(lab: Lab, ran: Path) -> None:
    data = lab.put("data/a.csv", "1")
    first = lab.run(pipeline(ran, data=data), "first0000000")
    second = lab.run(pipeline(ran, data=data), "second000000")

    assert times(ran) == 1
    assert cache(first) == ("miss", "There is no earlier result.")
    assert cache(second) == ("hit", "Arguments, inputs and code are those of an earlier result.")
    assert (second.steps["Count"].cache or {})["source"] == first.execution.arn
    assert (
        second.steps["Count"].outputs
        == first.steps["Count"].outputs
        == {"out": "s3://work/runs/first0000000/Count/out"}
    )
    assert second.steps["Count"].job == first.steps["Count"].job


def test_the_same_bytes_at_another_address_hit(lab: Lab, ran: Path) -> None:
    lab.run(pipeline(ran, data=lab.put("data/a.csv", "1")), "first0000000")
    lab.put("other/a.csv", "1")

    assert cache(lab.run(pipeline(ran, data="s3://work/other/a.csv"), "second000000"))[0] == "hit"


def test_other_bytes_at_the_same_address_miss_and_say_so(lab: Lab, ran: Path) -> None:
    lab.run(pipeline(ran, data=lab.put("data/a.csv", "1")), "first0000000")
    done = lab.run(pipeline(ran, data=lab.put("data/a.csv", "2")), "second000000")

    assert cache(done) == ("miss", f"input 'data' changed. {AWS_HITS}")
    assert times(ran) == 2


def test_a_changed_parameter_is_named_with_its_values(lab: Lab, ran: Path) -> None:
    data = lab.put("data/a.csv", "1")
    lab.run(pipeline(ran, data=data), "first0000000")
    done = lab.run(pipeline(ran, data=data, version="v2"), "second000000")

    assert cache(done) == ("miss", "DataVersion changed from 'v1' to 'v2'.")


def test_a_changed_argument_is_named_with_its_values(lab: Lab, ran: Path) -> None:
    data = lab.put("data/a.csv", "1")
    lab.run(pipeline(ran, data=data), "first0000000")
    done = lab.run(pipeline(ran, data=data, more="else"), "second000000")

    reason = "AppSpecification.ContainerArguments[1] changed from 'same' to 'else'."
    assert cache(done) == ("miss", reason)


def test_an_expired_result_is_not_used(lab: Lab, ran: Path) -> None:
    raw = pipeline(ran, data=lab.put("data/a.csv", "1"), cache={"Enabled": True, "ExpireAfter": "PT1H"})
    lab.run(raw, "first0000000")
    lab.store.database.connection.execute("UPDATE cached_step SET created = created - 3601")

    assert cache(lab.run(raw, "second000000")) == ("miss", "The earlier result is older than PT1H.")
    assert cache(lab.run(raw, "third0000000"))[0] == "hit"


def test_a_step_whose_cache_is_off_always_runs(lab: Lab, ran: Path) -> None:
    raw = pipeline(ran, data=lab.put("data/a.csv", "1"), cache={"Enabled": False})
    lab.run(raw, "first0000000")

    assert cache(lab.run(raw, "second000000"))[0] == "off"
    assert times(ran) == 2


@pytest.mark.parametrize(("damage", "how"), [("change", "has changed"), ("remove", "is gone")])
def test_a_damaged_result_is_warned_about_forgotten_and_made_again(lab: Lab, ran: Path, damage: str, how: str) -> None:
    raw = pipeline(ran, data=lab.put("data/a.csv", "1"))
    lab.run(raw, "first0000000")
    output = lab.store.objects.path("work", "runs/first0000000/Count/out/v")
    if damage == "change":
        output.write_text("damaged")
    else:
        output.unlink()

    done = lab.run(raw, "second000000")

    reason = f"Output 'out' of the earlier result {how} (s3://work/runs/first0000000/Count/out); it is forgotten."
    assert cache(done) == ("miss", f"{reason} {AWS_HITS}")
    assert f"Warning: {reason}" in done.log("Count")
    assert done.read("Count", "out", "v") == "same"
    assert (lab.run(raw, "third0000000").steps["Count"].cache or {})["source"] == done.execution.arn


def test_a_failed_step_leaves_nothing_in_the_cache(lab: Lab, tmp_path: Path) -> None:
    go = tmp_path / "go"
    code = f"import pathlib,sys; sys.exit(0 if pathlib.Path({str(go)!r}).exists() else 1)"
    raw = definition({**processing("Count", code), "CacheConfig": CACHED})
    lab.run(raw, "first0000000")
    go.touch()

    done = lab.run(raw, "second000000")

    assert cache(done) == ("miss", "There is no earlier result.")
    assert done.execution.status == "Succeeded"


def train(data: str, eta: str) -> dict[str, Any]:
    channels = {"train": data, "code": "s3://work/code/code.tar.gz"}
    step = training("Train", channels=channels, hyperparameters={"eta": eta}, metrics={"auc": "train-auc:([0-9.]+)"})
    return {**step, "CacheConfig": CACHED}


def test_a_training_hit_brings_model_and_metrics_along(lab: Lab) -> None:
    lab.put("code/code.tar.gz", code_archive(train=TRAIN))
    data = lab.put("data/a.csv", "1")
    first = lab.run(definition(train(data, "0.5")), "first0000000")
    second = lab.run(definition(train(data, "0.5")), "second000000")
    third = lab.run(definition(train(data, "0.25")), "third0000000")

    assert cache(second, "Train")[0] == "hit"
    assert second.steps["Train"].outputs == first.steps["Train"].outputs
    assert second.steps["Train"].metrics == first.steps["Train"].metrics
    assert second.summary["metrics"] == {"auc": 0.5}
    assert cache(third, "Train") == ("miss", "hyperparameter eta changed from '0.5' to '0.25'.")


def test_changed_code_is_a_miss(lab: Lab) -> None:
    lab.put("code/code.tar.gz", code_archive(train=TRAIN))
    data = lab.put("data/a.csv", "1")
    lab.run(definition(train(data, "0.5")), "first0000000")
    lab.put("code/code.tar.gz", code_archive(train=TRAIN + "print('changed')\n"))

    done = lab.run(definition(train(data, "0.5")), "second000000")

    assert cache(done, "Train") == ("miss", f"channel 'code' changed. {AWS_HITS}")


def test_unchanged_results_let_later_steps_hit(lab: Lab, ran: Path) -> None:
    """Count runs again for another reason, gives the same bytes elsewhere, and what reads them need not run."""
    read = {**processing("Read", "pass", inputs={"in": output_of("Count", "out")}), "CacheConfig": CACHED}
    data = lab.put("data/a.csv", "1")

    def with_reader(version: str) -> dict[str, Any]:
        raw = pipeline(ran, data=data, version=version)
        return {**raw, "Steps": [*raw["Steps"], read]}

    lab.run(with_reader("v1"), "first0000000")
    done = lab.run(with_reader("v2"), "second000000")

    assert (cache(done)[0], cache(done, "Read")[0]) == ("miss", "hit")


SERVICE = {"body": {"CacheSemantics": "service"}}


def test_by_the_services_rules_other_bytes_at_the_same_address_hit(lab: Lab, ran: Path) -> None:
    first = lab.run(pipeline(ran, data=lab.put("data/a.csv", "1")), "first0000000")
    done = lab.run(pipeline(ran, data=lab.put("data/a.csv", "2")), "second000000", **SERVICE)

    result, reason = cache(done)
    assert (result, times(ran)) == ("hit", 1)
    assert reason.endswith("is not compared. By content it would run again: input 'data' changed.")
    assert done.steps["Count"].outputs == first.steps["Count"].outputs


def test_by_the_services_rules_the_same_bytes_at_another_address_miss(lab: Lab, ran: Path) -> None:
    lab.run(pipeline(ran, data=lab.put("data/a.csv", "1")), "first0000000")
    raw = pipeline(ran, data=lab.put("other/a.csv", "1"))
    change = "ProcessingInputs[0].S3Input.S3Uri changed from 's3://work/data/a.csv' to 's3://work/other/a.csv'."

    content = lab.run(raw, "second000000")
    service = lab.run(raw, "third0000000", **SERVICE)
    again = lab.run(raw, "fourth000000", **SERVICE)

    found = "Arguments, inputs and code are those of an earlier result."
    assert cache(content) == ("hit", f"{found} AWS would run this again: {change}")
    assert cache(service) == ("miss", change)
    assert cache(again)[0] == "hit"
    assert times(ran) == 2


def test_by_the_services_rules_a_result_expires_and_instances_do_not_count(lab: Lab, ran: Path) -> None:
    raw = pipeline(ran, data=lab.put("data/a.csv", "1"), cache={"Enabled": True, "ExpireAfter": "PT1H"})
    lab.run(raw, "first0000000")
    raw["Steps"][0]["Arguments"]["ProcessingResources"]["ClusterConfig"]["InstanceType"] = "ml.m5.4xlarge"

    assert cache(lab.run(raw, "second000000", **SERVICE))[0] == "hit"
    lab.store.database.connection.execute("UPDATE cached_step SET created = created - 3601")
    assert cache(lab.run(raw, "third0000000", **SERVICE)) == ("miss", "The earlier result is older than PT1H.")
