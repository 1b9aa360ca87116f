"""Identity: one role for each kind of job, each with what that kind does and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

from config.environment import Environment
from config.problem import Problem
from infra.constructs.policy import Permission, Policy
from infra.constructs.service_role import ServiceRole
from infra.permissions import auto_ml, callers, compilation, pipeline, scientist, storage
from infra.permissions.containers import NEO_REPOSITORY, REPOSITORY, container, own_image
from infra.permissions.finding import find_buckets
from infra.permissions.place import Place
from infra.stacks.data import DataStack
from infra.stacks.environment_stack import EnvironmentStack
from infra.stacks.network import NetworkStack
from pipeline.names import pipeline_name

SAGEMAKER = "sagemaker.amazonaws.com"


class IdentityStack(EnvironmentStack):
    """The roles that SageMaker takes on. Functions have roles of their own, beside them."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        environment: Environment,
        problems: Sequence[Problem],
        data: DataStack,
        network: NetworkStack,
    ) -> None:
        super().__init__(scope, id_, environment=environment, description="a role for each kind of job.")
        self._data, self._serving = data, environment.serving
        self._names = [pipeline_name(problem.name) for problem in problems]
        self._compiles = any(problem.compile for problem in problems)
        self._served_by_neo = any(problem.compile and problem.compile.endpoint for problem in problems)
        self._automl = any(problem.model == "auto" for problem in problems)
        self._own_image = any(problem.deploy.container for problem in problems)
        self._jobs = Place(
            stack=self,
            subnet_ids=network.subnet_ids,
            security_group_ids=[network.job_security_group_id],
            vpc_id=network.vpc_id if environment.identity.data_from_vpc_only else None,
        )
        self._hosting = Place(self, network.subnet_ids, [network.endpoint_security_group_id], vpc_id=None)
        self._notebooks = Place(self, network.subnet_ids, [network.notebook_security_group_id], vpc_id=None)

        # Rows of requests are read where drift is looked for, and nowhere else.
        self._reads_captured = bool(environment.monitoring.drift)
        self.processing = self._role("Processing", "Prepares data and evaluates models", self._processing())
        self.training = self._role("Training", "Trains models", self._training())
        self.endpoint = self._role("Endpoint", "Serves models, behind endpoints and in batch", self._endpoint())
        self.compilation = self._role("Compilation", "Compiles models with Neo", self._compilation())
        self.auto_ml = self._auto_ml()
        self.pipeline = self._role("Pipeline", "Runs pipelines: starts the jobs of their steps", self._pipeline())
        self.notebook = self._role("Notebook", "A data scientist's notebook instance", self._notebook())
        # Exported in any case: with the last problem that compiles, say, the export would go before the pipelines stack
        # has stopped using it, which CloudFormation refuses.
        for role in (self.auto_ml, self.compilation, self.notebook):
            self.export_value(role.role_arn)
        self.export_value(self.endpoint.role_name)
        self._callers()

    def _role(self, id_: str, description: str, policies: Mapping[str, Sequence[Permission]]) -> iam.Role:
        return ServiceRole(self, id_, service=SAGEMAKER, description=description, policies=policies).role

    def _processing(self) -> dict[str, list[Permission]]:
        place, data = self._jobs, self._data
        return {
            "Data": [
                *storage.read("ReadRaw", data.raw, place.from_vpc),
                *(storage.read("ReadCaptured", data.captured, place.from_vpc) if self._reads_captured else ()),
                *storage.read("ReadArtifacts", data.artifacts, place.from_vpc),
                *storage.write("WriteArtifacts", data.artifacts, place.from_vpc),
                *storage.read_code(place),
                storage.decrypt("DecryptRaw", data.data_key.key, place),
                storage.encrypt("EncryptArtifacts", data.artifact_key.key, place),
                storage.volumes(data.artifact_key.key),
            ],
            "Container": container(place, "ProcessingJobs"),
        }

    def _training(self) -> dict[str, list[Permission]]:
        place, data = self._jobs, self._data
        return {
            "Data": [
                *storage.read("ReadArtifacts", data.artifacts, place.from_vpc),
                *storage.write("WriteArtifacts", data.artifacts, place.from_vpc),
                *storage.read_code(place),
                storage.encrypt("EncryptArtifacts", data.artifact_key.key, place),
                storage.volumes(data.artifact_key.key),
            ],
            "Container": container(place, "TrainingJobs"),
        }

    def _endpoint(self) -> dict[str, list[Permission]]:
        place, data = self._hosting, self._data
        return {
            "Data": [
                # The service itself fetches models and stores what it captured: not from the environment's network.
                *storage.read("ReadArtifacts", data.artifacts, {}),
                *storage.write("WriteArtifacts", data.artifacts, {}),
                *storage.write("WriteCaptured", data.captured, {}),
                storage.encrypt("EncryptArtifacts", data.artifact_key.key, place),
                storage.encrypt("EncryptCaptured", data.data_key.key, place),
                storage.volumes(data.artifact_key.key),
            ],
            "Container": [
                *container(place, "Endpoints", self._served_images()),
                *([own_image(place)] if self._own_image else ()),
            ],
        }

    def _served_images(self) -> list[str]:
        """Return the repositories of AWS's images that models are served with."""
        if self._automl:
            return ["*"]  # AutoML's models bring images of their own.
        return [REPOSITORY, *([NEO_REPOSITORY] if self._served_by_neo else [])]

    def _auto_ml(self) -> iam.Role:
        """Return the role of AutoML jobs, which has rights only where a problem leaves its model to AutoML."""
        place, data = self._jobs, self._data
        description = "Searches models with Autopilot"
        if not self._automl:
            return self._role("AutoML", description, {})
        role = self._role(
            "AutoML",
            description,
            {
                "Data": [
                    *storage.read("ReadArtifacts", data.artifacts, place.from_vpc),
                    *storage.write("WriteArtifacts", data.artifacts, place.from_vpc),
                    storage.encrypt("EncryptArtifacts", data.artifact_key.key, place),
                    storage.volumes(data.artifact_key.key),
                ],
                # Autopilot's images are in several repositories, which its documentation does not list.
                "Container": container(place, "*", ["*"]),
                "Search": auto_ml.search(place),
            },
        )
        Policy(
            self,
            "AutoMLItself",
            description="Lets Autopilot run its jobs with its own role",
            permissions=[auto_ml.pass_itself(role)],
            role=role,
        )
        return role

    def _compilation(self) -> dict[str, list[Permission]]:
        place, data = self._hosting, self._data
        return {
            "Data": [
                *storage.read("ReadArtifacts", data.artifacts, {}),
                *storage.write("WriteArtifacts", data.artifacts, {}),
                storage.encrypt("EncryptArtifacts", data.artifact_key.key, place),
            ],
            "Container": container(place, "CompilationJobs"),
        }

    def _pipeline(self) -> dict[str, list[Permission]]:
        place, data = self._jobs, self._data
        return {
            "Jobs": pipeline.jobs(place, data.artifact_key.key),
            "Models": [
                *pipeline.models(place, self._names),
                pipeline.tags(place, self._names),
                pipeline.functions(place),
                pipeline.pass_roles(
                    [self.processing, self.training, self.endpoint, *([self.auto_ml] if self._automl else [])]
                ),
            ],
            **({"Compilation": compilation.ask(place, data.operations_key.key)} if self._compiles else {}),
            **({"AutoML": auto_ml.start(place, data.artifact_key.key)} if self._automl else {}),
            "Data": [
                # Property files and conditions are read by the service, not by a job.
                *storage.read("ReadArtifacts", data.artifacts, {}),
                storage.decrypt("DecryptArtifacts", data.artifact_key.key, place),
                storage.volumes(data.artifact_key.key),
            ],
        }

    def _notebook(self) -> dict[str, list[Permission]]:
        place, data = self._notebooks, self._data
        return {
            "Pipelines": [find_buckets(place, data.stack_name), *scientist.pipelines(place, self._names)],
            "Results": scientist.results(place, self._names, automl=self._automl),
            "Data": [
                *storage.read("ReadRaw", data.raw, {}),
                *storage.write("WriteRaw", data.raw, {}),
                *storage.read("ReadArtifacts", data.artifacts, {}),
                storage.encrypt("EncryptRaw", data.data_key.key, place),
                storage.decrypt("DecryptArtifacts", data.artifact_key.key, place),
                storage.volumes(data.artifact_key.key),
            ],
            "Container": container(place, "NotebookInstances"),
            **({"Live": live} if (live := self._asking(notebooks=True)) else {}),
        }

    def _asking(self, *, notebooks: bool = False, caller: str = "") -> list[Permission]:
        """Return what asking those endpoints takes that notebooks, or a caller, may ask."""
        return [
            permission
            for problem, endpoint in sorted(self._serving.items())
            if (notebooks and endpoint.notebooks) or caller in endpoint.callers
            for permission in callers.ask(
                self._hosting, problem, endpoint, self._data.artifacts, self._data.artifact_key.key
            )
        ]

    def _callers(self) -> None:
        """Let roles that are not of this environment ask the endpoints that the settings name them for."""
        for name in sorted({each for endpoint in self._serving.values() for each in endpoint.callers}):
            Policy(
                self,
                f"Caller-{name}",
                description="Asks endpoints of approved models",
                permissions=self._asking(caller=name),
                role=iam.Role.from_role_name(self, f"CallerRole-{name}", name),
            )
