"""The built-in XGBoost algorithm, as jobs of its image without any script."""

from __future__ import annotations

import io
import json
import pickle
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
import xgboost
from pyarrow import parquet

from local.jobs.builtin.xgboost_algorithm import hyperparameters
from local.jobs.builtin.xgboost_algorithm.__main__ import main
from local.jobs.training import TrainingRunner
from local.store.home import host_log
from tests.support.sandboxes import BENCH_IN_BOTH

if TYPE_CHECKING:
    from tests.local.jobs.conftest import Bench

CURRENT = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.2-0"
BINARY = {"num_round": "3", "objective": "binary:logistic", "eval_metric": "auc,error", "seed": "1"}


def rows(seed: int, count: int = 60) -> Any:
    values = np.random.default_rng(seed).normal(size=(count, 3)).round(3)
    return np.column_stack([(values[:, 0] > 0).astype(int), values])


def text(table: Any, delimiter: str = ",") -> str:
    return "".join(delimiter.join(f"{cell:g}" for cell in row) + "\n" for row in table)


def libsvm(table: Any) -> str:
    return "".join(f"{row[0]:g} " + " ".join(f"{i}:{cell:g}" for i, cell in enumerate(row[1:])) + "\n" for row in table)


def channel(name: str, uri: str, content_type: str | None = "text/csv") -> dict[str, Any]:
    source = {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}}
    return {"ChannelName": name, **source, **({"ContentType": content_type} if content_type else {})}


def request(given: dict[str, str], *channels: dict[str, Any], image: str = CURRENT) -> dict[str, Any]:
    return {
        "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"},
        "HyperParameters": given,
        "InputDataConfig": list(channels),
        "OutputDataConfig": {"S3OutputPath": "s3://work/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    }


@dataclass
class Program:
    """The algorithm's program, run in this process on files of its own."""

    root: Path
    capture: pytest.CaptureFixture[str]

    def run(self, given: dict[str, str], files: dict[str, bytes | str], content_type: str | None = "text/csv") -> int:
        """Train on files, given by their path below the channels' folder."""
        channels = {name.partition("/")[0]: {"ContentType": content_type} for name in files}
        for folder in ("config", "model", "output"):
            (self.root / folder).mkdir(exist_ok=True)
        resources = {"current_host": "algo-1", "hosts": ["algo-1"]}
        contents = (("hyperparameters", given), ("inputdataconfig", channels), ("resourceconfig", resources))
        for name, content in contents:
            (self.root / "config" / f"{name}.json").write_text(json.dumps(content))
        for name, text in files.items():
            path = self.root / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        places = {f"SM_CHANNEL_{name.upper()}": str(self.root / "data" / name) for name in channels}
        places |= {"SM_INPUT_CONFIG_DIR": str(self.root / "config"), "SM_MODEL_DIR": str(self.root / "model")}
        if (self.root / "checkpoints").is_dir():
            places["SM_CHECKPOINT_DIR"] = str(self.root / "checkpoints")
        return main("3.2", {**places, "SM_OUTPUT_DIR": str(self.root / "output")})

    @property
    def failure(self) -> str:
        return (self.root / "output" / "failure").read_text()

    @property
    def model(self) -> xgboost.Booster:
        return loaded((self.root / "model" / "xgboost-model").read_bytes())

    def lines(self) -> list[str]:
        return self.capture.readouterr().out.splitlines()


@pytest.fixture
def program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(tmp_path, capsys)


def both(bench: Bench) -> tuple[dict[str, Any], dict[str, Any]]:
    train = channel("train", bench.put("train/train.csv", text(rows(1))))
    return train, channel("validation", bench.put("validation/validation.csv", text(rows(2))))


def archive(bench: Bench) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(bench.read("models/job-1/output/model.tar.gz"))) as opened:
        return {member.name: opened.extractfile(member).read() for member in opened}  # type: ignore[union-attr]


def loaded(content: bytes) -> xgboost.Booster:
    booster = xgboost.Booster()
    booster.load_model(bytearray(content))
    return booster


@BENCH_IN_BOTH
def test_it_trains_on_csv_and_says_what_the_image_says(bench: Bench) -> None:
    runner, job = TrainingRunner(), request(BINARY, *both(bench))
    handle = bench.start(runner, job)
    state = bench.follow(runner, handle)

    assert state.status == "Completed", state.reason
    lines = bench.text().splitlines()
    assert "Train matrix has 60 rows and 3 columns" in lines
    assert lines[-3].startswith("[0]#011train-auc:")
    assert "#011train-error:" in lines[-3]
    assert "#011validation-auc:" in lines[-3]
    found = archive(bench)
    assert list(found) == ["xgboost-model"]
    booster = loaded(found["xgboost-model"])
    assert booster.num_boosted_rounds() == 3
    metrics = runner.metrics(handle)
    assert sorted(metrics) == ["train:auc", "train:error", "validation:auc", "validation:error"]
    assert len(metrics["validation:auc"]) == 3
    final = {entry["MetricName"]: entry["Value"] for entry in runner.describe(handle)["FinalMetricDataList"]}
    assert f"validation-auc:{final['validation:auc']:.5f}" in lines[-1]


def test_old_images_pickle_the_model(bench: Bench) -> None:
    image = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.0-1-cpu-py3"
    given = {"num_round": "2", "objective": "reg:linear", "silent": "0"}
    state, _ = bench.run(TrainingRunner(), request(given, both(bench)[0], image=image))

    assert state.status == "Completed", state.reason
    booster = pickle.loads(archive(bench)["xgboost-model"])  # noqa: S301 - written by this test's job
    assert booster.num_boosted_rounds() == 2


@pytest.mark.parametrize("kind", ["semicolon", "libsvm", "parquet"])
def test_the_same_data_in_other_formats_gives_the_same_model(program: Program, tmp_path: Path, kind: str) -> None:
    table, given = rows(1), {"num_round": "2", "seed": "1"}
    parquet.write_table(pa.table({f"c{i}": table[:, i] for i in range(4)}), tmp_path / "p")
    variants: dict[str, tuple[bytes | str, str]] = {
        "semicolon": (text(table, ";"), "csv"),
        "libsvm": (libsvm(table), "text/x-libsvm"),
        "parquet": ((tmp_path / "p").read_bytes(), "application/x-parquet"),
    }
    content, content_type = variants[kind]
    assert program.run(given, {"train/data": text(table)}, "text/csv; label_size=1") == 0
    expected = program.model.get_dump()

    assert program.run(given, {"train/data": content}, content_type) == 0
    assert program.model.get_dump() == expected


def test_several_files_in_folders_are_one_channel(program: Program) -> None:
    table = rows(1)
    # The first without a line's end at the file's, and with a name that XGBoost would read for itself.
    program.run({"num_round": "1"}, {"train/a;b?c.csv": text(table[:20])[:-1], "train/deep/b.csv": text(table[20:])})

    assert "Train matrix has 60 rows and 3 columns" in program.lines()


def test_the_second_column_may_hold_weights(program: Program) -> None:
    table = rows(1)
    weighted = np.column_stack([table[:, 0], np.ones(60), table[:, 1:]])
    program.run({"num_round": "1", "csv_weights": "1"}, {"train/a.csv": text(weighted)})

    assert "Train matrix has 60 rows and 3 columns" in program.lines()


def test_it_stops_early_on_the_last_metric_of_the_request(program: Program) -> None:
    given = {**BINARY, "num_round": "200", "early_stopping_rounds": "2", "eval_metric": "error,logloss"}
    program.run(given, {"train/a.csv": text(rows(1)), "validation/a.csv": text(rows(2))})

    rounds = [line for line in program.lines() if line.startswith("[")]
    assert 3 <= len(rounds) < 200
    assert program.model.num_boosted_rounds() < len(rounds)


def test_metrics_that_the_image_adds_to_xgboosts(program: Program) -> None:
    given = {**BINARY, "eval_metric": "accuracy,f1_binary,logloss"}
    assert program.run(given, {"train/a.csv": text(rows(1)), "validation/a.csv": text(rows(2))}) == 0

    names = [part.partition(":")[0] for part in program.lines()[-1].split("#011")[1:]]
    assert names == [
        "train-logloss", "train-accuracy", "train-f1_binary",
        "validation-logloss", "validation-accuracy", "validation-f1_binary",
    ]  # fmt: skip


def test_it_goes_on_from_the_last_checkpoint(program: Program, tmp_path: Path) -> None:
    (tmp_path / "checkpoints").mkdir()
    files: dict[str, bytes | str] = {"train/a.csv": text(rows(1))}
    program.run({"num_round": "2", "seed": "1"}, files)
    program.lines()
    assert program.run({"num_round": "4", "seed": "1"}, files) == 0

    assert len([line for line in program.lines() if line.startswith("[")]) == 2
    assert program.model.num_boosted_rounds() == 4
    program.run({"num_round": "5", "seed": "1"}, files)
    assert len([line for line in program.lines() if line.startswith("[")]) == 1


@pytest.mark.parametrize(
    ("table", "kind", "given", "reason"),
    [
        ("5,2,3\n0,1,2\n", "csv", {"objective": "binary:logistic"}, "UserError: Check failed: "),
        ("", "csv", {}, "UserError: No data in channel path "),
        ("1,2\n0,1\n", None, {}, "UserError: First line '1,2\n...' of file 'a' is not 'LIBSVM' format."),
        ("1,2\n", "csv", {"num_round": "x"}, "UserError: Hyperparameter num_round: 'x' is not a whole number"),
        ("1,2\n", "parquet", {}, "UserError: Failed to load parquet data with exception:\n"),
    ],
)
def test_faults_of_the_data_are_the_users(
    program: Program, table: str, kind: str | None, given: dict[str, str], reason: str
) -> None:
    assert program.run({"num_round": "1", **given}, {"train/a": table}, kind) == 1
    assert program.failure.startswith(reason)
    assert "Traceback" not in program.capture.readouterr().err


def test_a_fault_of_the_data_is_the_jobs_reason(bench: Bench) -> None:
    uri = bench.put("train/.hidden", "1,2\n")
    _, body = bench.run(TrainingRunner(), request({"num_round": "1"}, channel("train", uri)))

    assert (
        body["FailureReason"] == "UserError: Hidden file found in the data path! Remove that before training: .hidden"
    )


def test_hosts_train_one_model_and_one_without_data_takes_no_part(bench: Bench) -> None:
    for place in range(2):
        bench.put(f"train/{place}.csv", text(rows(1)[place::2]))
    train, validation = channel("train", "s3://work/train/"), both(bench)[1]
    bench.store.objects.delete("work", "train/train.csv")
    train["DataSource"]["S3DataSource"]["S3DataDistributionType"] = "ShardedByS3Key"
    job = request({**BINARY, "max_depth": "2"}, train, validation)
    job["ResourceConfig"]["InstanceCount"] = 3

    _, body = bench.run(TrainingRunner(), job)
    assert body["TrainingJobStatus"] == "Completed", body.get("FailureReason")
    booster = loaded(archive(bench)["xgboost-model"])
    everything = rows(1)
    alone = xgboost.train(
        {"max_depth": 2, "seed": 1, "objective": "binary:logistic"},
        xgboost.DMatrix(everything[:, 1:], everything[:, 0]),
        3,
    )
    told = rows(2)[:, 1:].astype(np.float32)
    assert np.abs(booster.inplace_predict(told) - alone.inplace_predict(told)).max() < 0.1
    assert "Host algo-3 has no data and takes no part" in host_log(bench.log, "algo-3").read_text()
    assert bench.log.read_text().count("validation-auc") == 3


def test_a_header_is_pointed_out(program: Program) -> None:
    program.run({"num_round": "1"}, {"train/a.csv": "label,first,second\n1,2,3\n0,1,2\n"})

    assert program.lines()[0].startswith("The first line of a.csv looks like a header")


def test_mistakes_are_named_before_the_job() -> None:
    given = {"eta": "2", "nun_round": "3", "objective": "multi:softprob", "tree_method": "gpu_hist"}
    job = request(given, channel("training", "s3://work/x"), channel("train", "s3://work/x", "image/png"))

    starts = "trains with the built-in XGBoost: "
    found = [each.removeprefix(starts) for each in TrainingRunner().validate(job)]
    assert found[:-1] == [
        "Missing required hyperparameter: num_round",
        "Hyperparameter eta: 2 is not in [0, 1]",
        "Extraneous hyperparameter found: nun_round",
        "Require input for parameter 'num_class' for multi-classification",
        "Training on graphics cards does not run on the laptop: use the tree_method hist.",
        "Extraneous channel found: training",
    ]
    assert found[-1].startswith("image/png is not an accepted ContentType: csv, text/csv, ")


def test_what_a_step_before_decides_is_not_missed() -> None:
    later = {"num_round": {"Get": "Steps.Best.OutputParameters['rounds']"}, "eta": "0.2"}

    assert TrainingRunner().validate(request(later, channel("train", "s3://work/x"))) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("learning_rate", "0.25", 0.25),
        ("monotone_constraints", "(1,0,-1)", (1, 0, -1)),
        ("interaction_constraints", "[[1, 2], [3]]", [[1, 2], [3]]),
        ("eval_metric", "error@0.7,auc", ["error@0.7", "auc"]),
    ],
)
def test_hyperparameters_are_read_by_their_type(name: str, text: str, value: Any) -> None:
    more = {"num_round": "1", "tree_method": "hist", "objective": "binary:logistic"}
    values, problems = hyperparameters.read({**more, name: text}, (3, 2))

    assert problems == []
    assert values[hyperparameters.ALIASES.get(name, name)] == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("num_round", "6.0"), ("subsample", "0"), ("eval_metric", "auc,none"), ("eval_metric", "auc@1"),
        ("monotone_constraints", "__import__('os')"), ("interaction_constraints", "[[0]]"), ("booster", "forest"),
    ],
)  # fmt: skip
def test_values_out_of_their_range_are_sentences(name: str, text: str) -> None:
    given = {"num_round": "1", "objective": "binary:logistic", "tree_method": "hist", name: text}
    _, problems = hyperparameters.read(given, (3, 2))

    assert [problem.partition(":")[0] for problem in problems] == [f"Hyperparameter {name}"]
