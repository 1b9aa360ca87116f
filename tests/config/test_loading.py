from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigurationError, environment_names, load_environment, load_problem, problem_names

PROBLEM = """\
goal: Tell things apart.
data: things.csv
target: kind
kind: binary
metric: auc
threshold: 0.8
"""
HYPER = "threshold: 0.8\ntraining:\n  hyperparameters: "
KINDS = "binary, multiclass, regression, auto"
ENVIRONMENT = """\
account: "111122223333"
region: eu-west-1
instances:
  processing: ml.m5.large
  training: [ml.m5.xlarge]
  inference: ml.m5.large
"""


def write(folder: Path, text: str, name: str = "things.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(path: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load_problem(path)
    assert str(caught.value).startswith(f"{path} has ")
    return [str(mistake) for mistake in caught.value.mistakes]


@pytest.mark.parametrize("name", ["breast_cancer", "diabetes", "digits"])
def test_bundled_problems_load(name: str) -> None:
    problem = load_problem(name)
    assert problem.name == name
    assert problem.data == f"builtin://{name}"
    assert name in problem_names()


def test_bundled_environments_load() -> None:
    assert environment_names() == ["dev"]
    assert load_environment("dev").instances.training[0] == "ml.m5.xlarge"


def test_what_is_left_out_has_defaults(tmp_path: Path) -> None:
    problem = load_problem(write(tmp_path, PROBLEM))
    assert (problem.name, problem.seed, problem.drop, problem.format) == ("things", 7, (), None)
    environment = load_environment(write(tmp_path, ENVIRONMENT, "there.yaml"))
    assert (environment.name, environment.network.zones, environment.volume_gib) == ("there", 2, 30)


def test_data_is_found_from_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep").mkdir()
    write(tmp_path / "deep", PROBLEM.replace("things.csv", "../data/things.csv"))
    monkeypatch.chdir(tmp_path)
    assert load_problem("deep/things.yaml").data == str(tmp_path / "data" / "things.csv")


EARLIER = "threshold: 0.8\ntraining:\n  continue_from: "


@pytest.mark.parametrize("earlier", ["things/3", "s3://bucket/a/model.tar.gz", "/models/model.tar.gz"])
def test_an_earlier_model_elsewhere_stays_as_it_is(tmp_path: Path, earlier: str) -> None:
    found = load_problem(write(tmp_path, PROBLEM.replace("threshold: 0.8", EARLIER + earlier)))
    assert found.training.continue_from == earlier


def test_the_archive_of_an_earlier_model_is_found_from_the_folder_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, PROBLEM.replace("threshold: 0.8", EARLIER + "old/model.tar.gz"))
    assert load_problem(path).training.continue_from == str(tmp_path / "old" / "model.tar.gz")


@pytest.mark.parametrize("data", ["/somewhere/things.csv", "s3://bucket/things/", "builtin://digits"])
def test_data_elsewhere_stays_as_it_is(tmp_path: Path, data: str) -> None:
    assert load_problem(write(tmp_path, PROBLEM.replace("things.csv", data))).data == data


def test_words_that_yaml_1_1_takes_for_values_stay_text(tmp_path: Path) -> None:
    path = write(tmp_path, PROBLEM + "positive: yes\nmissing: [no, 2020-01-01, 12:30:00, on]\ndrop:\n")
    problem = load_problem(path)
    assert problem.positive == "yes"
    assert problem.missing == ("no", "2020-01-01", "12:30:00", "on")
    assert problem.drop == ()


def test_a_byte_order_mark_and_crlf_are_read(tmp_path: Path) -> None:
    path = tmp_path / "things.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + PROBLEM.replace("\n", "\r\n").encode())
    assert load_problem(path).target == "kind"


def test_every_mistake_is_listed_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = """\
goal: ""
dta: things.csv
target: kind
kind: binry
metric: auc
threshold: "0.8"
drop: [kind, kind]
seed: -1
positive: 1
format: {header: maybe, delimiter: ";;"}
training:
  hyperparameters: {max_depth: [3]}
"""
    first, *rest = mistakes(write(tmp_path, text))
    assert first.startswith("data: it is missing. Add `data:`. The table: a file or folder")
    assert rest == [
        "line 1, goal: it is empty. Say in a sentence what the model is for.",
        "line 2, dta: there is no such setting. Did you mean `data`?",
        f"line 4, kind: `binry` is none of the choices. Did you mean `binary`? (All: {KINDS})",
        "line 6, threshold: `0.8` is not a number. Write it without quotes, such as 0.5.",
        "line 7, drop[0]: `kind` is the target, without which nothing can be learned. Remove it from `drop`.",
        "line 7, drop: `kind` is listed 2 times. List it once.",
        "line 8, seed: -1 is out of range. Write a number of at least 0.",
        'line 9, positive: `1` is not text. Put it in quotes: "1".',
        "line 10, format.header: `maybe` is not true or false. Write `true` or `false`, without quotes.",
        """line 10, format.delimiter: ';;' cannot separate cells. Write one character: ";", or "\\t" for a tab.""",
        "line 12, training.hyperparameters.max_depth: a list is not a number. Write it without quotes, such as 0.5.",
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("metric: auc", "metric: rmse"),
            "line 5, metric: `rmse` does not measure a binary problem. Write `accuracy`,",
        ),
        (("threshold: 0.8", "threshold: 80"), "threshold: `auc` never takes the value 80. Write a number from 0 to 1"),
        (("threshold: 0.8", "threshold: .nan"), "line 6, threshold: `nan` is not a finite number."),
        (("kind: binary\nmetric: auc", "kind: regression\nmetric: r2\npositive: a"), "line 6, positive: only a binary"),
        (("kind: binary\nmetric: auc", "kind: auto\nmetric: mae\npositive: a"), "line 6, positive: only a binary"),
        (("threshold: 0.8", "threshold: -1\nmetirc: x"), "line 6, threshold: `auc` never takes the value -1."),
        (
            ("things.csv", "builtin://digit"),
            "data: `digit` is no data set that comes with Sageline. Did you mean `digits`",
        ),
        (("things.csv", "https://x.org/t.csv"), "line 2, data: `https://` is no place that data is read from."),
        (("things.csv", "s3://B/t.csv"), "line 2, data: `s3://B/t.csv` is no address in S3."),
        (("target: kind", 'target: "a\\nb"'), "holds a line break or another control character."),
        (("target: kind", f"target: {'x' * 300}"), "has 300 characters. SageMaker takes 256 in an argument of a job"),
        (
            ("goal: T", "name: My things\ngoal: T"),
            "line 1, name: `My things` cannot be a name. Use at most 40 lower-case",
        ),
        (("threshold: 0.8", "threshold: 0.8\ndrop: x"), "line 7, drop: `x` is not a list. Write each item on a line"),
        (("threshold: 0.8", "threshold: 0.8\ntraining: 3"), "line 7, training: `3` is not settings by name."),
        (
            ("threshold: 0.8", HYPER + "{max_dept: 3}"),
            "max_dept: there is no such hyperparameter. Did you mean `max_depth`?",
        ),
        (("threshold: 0.8", HYPER + "{eta: 2}"), "eta: `2` is not possible. Write a number above 0 to 1."),
        (("threshold: 0.8", HYPER + "{eta: fast}"), "eta: `fast` is not possible. Write a number above 0 to 1."),
        (("threshold: 0.8", HYPER + "{seed: 2}"), "the seed stands beside `training`, not in it. Write `seed:`"),
        (
            ("threshold: 0.8", "threshold: 0.8\ntraining: {spot: true}\ntuning: {max_jobs: 3}"),
            "line 7, training.spot: the trainings of a search keep no checkpoints",
        ),
        *(
            (
                ("threshold: 0.8", EARLIER + wrong),
                f"line 8, training.continue_from: `{wrong}` is neither a registered model nor a model archive. Write",
            )
            for wrong in ("things", "things/0", "model.json", "https://x.org/model.tar.gz", "s3://B/model.tar.gz")
        ),
        (("threshold: 0.8", "threshold: true"), "line 6, threshold: `true` is not a number."),
        (("threshold: 0.8", "threshold:"), "line 6, threshold: nothing is written; it is a number."),
        (
            ("threshold: 0.8", f"threshold: 0.8\ndrop: {[f'c{at}' for at in range(41)]}"),
            "41 columns to drop and missing",
        ),
    ],
)
def test_a_mistake_gets_its_place_and_its_fix(tmp_path: Path, change: tuple[str, str], expected: str) -> None:
    assert change[0] in PROBLEM
    assert expected in "\n".join(mistakes(write(tmp_path, PROBLEM.replace(*change))))


def test_a_file_name_that_cannot_be_a_name_asks_for_one(tmp_path: Path) -> None:
    (found,) = mistakes(write(tmp_path, PROBLEM, "My Things.yaml"))
    assert found.startswith(
        "name: `My Things` cannot be a name, and without `name:` the file's name is taken. Add `name:`."
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (('"111122223333"', "111122223333"), "line 1, account: an account's number is text"),
        (('"111122223333"', '"1111"'), "line 1, account: `1111` is no account number. Write its 12 digits in quotes."),
        (
            ("eu-west-1", "eu-wst-1"),
            "line 2, region: `eu-wst-1` is no region where SageMaker offers the XGBoost image.",
        ),
        (
            ("ml.m5.large", "ml.m5.lrge"),
            "is no instance type that SageMaker has for processing. Did you mean `ml.m5.large`?",
        ),
        (
            ("[ml.m5.xlarge]", "[ml.m5.xlarge, ml.g5.xlarge]"),
            "line 5, instances.training[1]: `ml.g5.xlarge` has local",
        ),
        (("[ml.m5.xlarge]", "[]"), "line 5, instances.training: it is empty. List at least one instance type"),
        (("inference: ml.m5.large", "inference: ml.t2.medium"), "line 6, instances.inference: `ml.t2.medium` is no"),
        (
            ("account", "network: {zones: 4}\naccount"),
            "line 1, network.zones: 4 is out of range. Write a number of at most 3.",
        ),
        (
            ("account", "network: {zone: 2}\naccount"),
            "line 1, network.zone: there is no such setting. Did you mean `zones`?",
        ),
    ],
)
def test_a_mistake_in_an_environment_too(tmp_path: Path, change: tuple[str, str], expected: str) -> None:
    assert change[0] in ENVIRONMENT
    with pytest.raises(ConfigurationError) as caught:
        load_environment(write(tmp_path, ENVIRONMENT.replace(*change)))
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("breast_cancr", "There is no problem of this name. Did you mean `breast_cancer`? Or give the path"),
        ("qqq", "There is no problem of this name. Write `breast_cancer`, `diabetes` or `digits`."),
        ("nowhere/x.yaml", "nowhere/x.yaml has a mistake:\n  There is no such file. Check the path"),
        ("x.yaml", "There is no such file."),
        ("/", "It is a folder."),
    ],
)
def test_what_is_not_there_is_said(name: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError) as caught:
        load_problem(name)
    assert expected in str(caught.value)


def test_an_environment_that_is_not_there_is_said() -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_environment("nope")
    assert "There is no environment of this name. Write `dev`. Or give the path of an environment" in str(caught.value)


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    path = tmp_path / "things.yaml"
    path.write_bytes(b"goal: caf\xe9\n")
    assert mistakes(path) == ["It is not UTF-8 (byte 9). Save it as UTF-8."]


def test_problems_cannot_be_changed() -> None:
    problem = load_problem("digits")
    with pytest.raises(ValueError, match="frozen"):
        problem.seed = 8
