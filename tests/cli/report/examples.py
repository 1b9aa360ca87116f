"""Executions and what their steps wrote, small enough to be read, and a reader for the pages made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from cli.report import Material
from cli.report.searches import Range, Search, Trial

Json = dict[str, Any]
BASE = "s3://artifacts/sageline-flowers/4b7c0e1f9d2a"
PREPARED, TRAINED, EVALUATED = f"{BASE}/Prepare", f"{BASE}/Train/job/output/model.tar.gz", f"{BASE}/Evaluate/evaluation"


def step(name: str, kind: str, status: str = "Succeeded", **more: Any) -> Json:
    """Return one step as `execution.json` has it."""
    ran = status in ("Succeeded", "Failed")
    return {
        "name": name,
        "display_name": name,
        "type": kind,
        "status": status,
        "started": "2026-11-20T17:45:51Z" if ran else None,
        "ended": "2026-11-20T17:45:53Z" if ran else None,
        "seconds": 1.84 if ran else None,
        "cache": {"result": "miss", "source": None, "reason": "The data differ."},
        "reason": None,
        "how": "ran" if ran else None,
        "depends_on": [],
        "branch": None,
        "job": None,
        "outputs": {},
        "outcome": None,
        "metrics": {},
        **more,
    }


def steps() -> list[Json]:
    """Return the steps of a run that went well."""
    rounds = {
        "train:logloss": [[0.1, 0.6], [0.2, 0.3], [0.3, 0.1]],
        "validation:logloss": [[0.1, 0.61], [0.2, 0.41], [0.3, 0.45]],
        "final:auc": [[0.4, 0.98]],
    }
    job = {"kind": "TrainingJob", "name": "flowers-Train-4b7c", "arn": "arn:aws:sagemaker:eu-west-1:000000000000:job/x"}
    return [
        step("Prepare", "Processing", outputs={"train": f"{PREPARED}/train", "profile": f"{PREPARED}/profile"}),
        step("TrainBaseline", "Training", depends_on=["Prepare"], cache={"result": "hit", "source": "arn/old1"}),
        step("Train", "Training", depends_on=["Prepare"], job=job, outputs={"model": TRAINED}, metrics=rounds),
        step(
            "Evaluate",
            "Processing",
            depends_on=["Prepare", "TrainBaseline", "Train"],
            outputs={"evaluation": EVALUATED},
        ),
        step("QualityGate", "Condition", depends_on=["Evaluate"], outcome=True),
        step(
            "Register",
            "RegisterModel",
            depends_on=["Train", "Evaluate"],
            branch={"condition": "QualityGate", "when": True},
            how="emulated",
            display_name="Register the model",
            job={"kind": "ModelPackage", "name": "sageline-flowers/3", "arn": "arn"},
        ),
        step(
            "Fail",
            "Fail",
            "NotExecuted",
            branch={"condition": "QualityGate", "when": False},
            reason="QualityGate took the other branch.",
        ),
    ]


def execution(**more: Any) -> Json:
    """Return an execution that succeeded and waits for approval."""
    return {
        "version": 1,
        "execution": "arn:aws:sagemaker:eu-west-1:000000000000:pipeline/sageline-flowers/execution/4b7c0e1f9d2a",
        "execution_id": "4b7c0e1f9d2a",
        "pipeline": "sageline-flowers",
        "status": "Succeeded",
        "failure_reason": None,
        "started": "2026-11-20T18:45:51.120+01:00",
        "ended": "2026-11-20T18:45:57+01:00",
        "seconds": 6.4,
        "parameters": {"MetricThreshold": 0.9, "ModelApprovalStatus": "PendingManualApproval", "Seed": 7},
        "image_differences": [],
        "steps": steps(),
        "metrics": {},
        "model_package": "arn:aws:sagemaker:eu-west-1:000000000000:model-package/sageline-flowers/3",
        "endpoint": None,
        **more,
    }


def failed_in_prepare(reason: str) -> Json:
    """Return an execution of which only the first step ran."""
    job = {"kind": "ProcessingJob", "name": "flowers-Prepare-4b7c", "arn": "arn"}
    first, *others = steps()
    waiting: Json = {
        "status": "NotExecuted",
        "seconds": None,
        "outputs": {},
        "metrics": {},
        "reason": "Prepare failed.",
    }
    return execution(
        status="Failed",
        failure_reason="Step failure: one or several steps failed.",
        model_package=None,
        steps=[{**first, "status": "Failed", "reason": reason, "outputs": {}, "job": job}]
        + [{**other, **waiting, "outcome": None} for other in others],
    )


GATE: Json = {"metric": "auc", "value": 0.95, "baseline": 0.93, "threshold_direction": "at_least"}

BINARY: Json = {
    "kind": "binary",
    "metric": "auc",
    "labels": ["no", "yes"],
    "models": {"candidate": {"auc": 0.95, "log_loss": 0.2}, "baseline": {"auc": 0.93, "log_loss": 0.3}},
    "roc": {
        "candidate": {"false_positive_rates": [0, 0.1, 1], "true_positive_rates": [0, 0.9, 1]},
        "baseline": {"false_positive_rates": [0, 0.3, 1], "true_positive_rates": [0, 0.8, 1]},
    },
    "confusion_matrix": [[40, 2], [3, 15]],
    "importance": [{"feature": "petal width", "gain": 0.86}, {"feature": "sepal width", "gain": 0.14}],
    "rows": 60,
}

MULTICLASS: Json = {
    "kind": "multiclass",
    "metric": "accuracy",
    "labels": ["setosa", "versicolor", "virginica"],
    "models": {"candidate": {"accuracy": 0.9}, "baseline": {"accuracy": 0.9}},
    "confusion_matrix": [[10, 0, 0], [0, 9, 1], [0, 2, 8]],
    "rows": 30,
}

REGRESSION: Json = {
    "kind": "regression",
    "metric": "rmse",
    "labels": [],
    "models": {"candidate": {"rmse": 2.0, "r2": 0.8}, "baseline": {"rmse": 2.5, "r2": 0.7}},
    "predicted_vs_actual": [[1, 1.5], [2, 1.75], [4, 4.5]],
    "residual_histogram": {"edges": [-1, 0, 1], "counts": [1, 2]},
    "rows": 3,
}


def tuning(text: str = "") -> Search:
    """Return a search of three trials; `text`, where given, stands in the place of every text in it."""
    trials = [
        Trial(number, text or f"flowers-{number:03d}", text or status, objective, 2.5, {text or "eta": text or "0.25"})
        for number, (status, objective) in enumerate([("Completed", 0.9), ("Stopped", 0.7), ("Failed", None)], start=1)
    ]
    ranges = (Range(text or "eta", text or "continuous", text or "0.01 to 0.3", text or "auto"),)
    return Search(text or "Tune", "trial", text or "Bayesian", text or "objective:auc", False, ranges, tuple(trials))


PROFILE: Json = {
    "rows": 600,
    "columns": [
        {
            "name": "petal width",
            "type": "numeric",
            "missing": 12,
            "distinct": 40,
            "min": 0.1,
            "max": 2.5,
            "mean": 1.2,
            "quantiles": {"0.5": 1.3},
            "histogram": {"edges": [0.1, 1.3, 2.5], "counts": [250, 338]},
        },
        {"name": "garden", "type": "categorical", "missing": 0, "distinct": 2, "top": [["north", 450], ["south", 150]]},
        {
            "name": "plant",
            "type": "identifier",
            "missing": 0,
            "distinct": 500,
            "distinct_at_least": True,
            "used": False,
            "top": [],
            "note": "Left out: its name says that it identifies rows.",
        },
    ],
    "target": {"name": "species", "distribution": {"classes": {"no": 400, "yes": 200}}},
    "splits": {"train": 480, "validation": 60, "test": 60},
    "notes": ["Dropped the column planet: it is constant."],
}


def material(**more: Any) -> Material:
    """Return what is known of a binary problem's run, with the given fields in place of the usual ones."""
    usual = {"execution": execution(), "profile": PROFILE, "evaluation": {}, "gate": GATE, "details": BINARY}
    return Material(**{**usual, **more})


@dataclass
class Page(HTMLParser):
    """A page taken apart: its elements with their attributes, and its text; refuses what is not well formed."""

    page: str
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.page)
        self.close()
        assert self._open == [], f"never closed: {self._open}"
        ids = [attributes["id"] for _, attributes in self.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), "an id stands twice"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute of {tag} stands twice"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in ("meta", "br", "hr"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1] == tag, f"</{tag}> closes {self._open[-1]}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.text += f"{data} "

    def names(self) -> set[str]:
        """Return the names of all elements."""
        return {name for name, _ in self.elements}

    def classes(self) -> set[str]:
        """Return all classes that any element has."""
        return {name for _, attributes in self.elements for name in attributes.get("class", "").split()}

    def ids(self) -> set[str]:
        """Return the ids of all elements."""
        return {attributes["id"] for _, attributes in self.elements if "id" in attributes}
