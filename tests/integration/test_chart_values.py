"""Values for the Airflow Helm chart, held against docker-compose.yml: the same settings, and no secret."""

import re

import pytest
import yaml

from pipeline.settings import PROJECT

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
VALUES = yaml.safe_load((PROJECT / "docker" / "chart-values.yaml").read_text())
GUIDE = (PROJECT / "docs" / "kubernetes.md").read_text()
ENV = {each["name"]: each["value"] for each in VALUES["env"]}
SECRETS = {each["envName"]: each for each in VALUES["secret"]}

CHART_SETS = {
    "AIRFLOW__CORE__EXECUTOR": "executor",
    "AIRFLOW__CORE__FERNET_KEY": "fernetKeySecretName",
    "AIRFLOW__API__SECRET_KEY": "apiSecretKeySecretName",
    "AIRFLOW__API_AUTH__JWT_SECRET": "jwtSecretName",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "data.metadataSecretName",
    "AIRFLOW__CELERY__RESULT_BACKEND": "data.resultBackendSecretName",
    "AIRFLOW__CELERY__BROKER_URL": "data.brokerUrlSecretName",
}
"""What the chart sets itself, and of which value it makes it."""
CHART_KNOWS = {"AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "AIRFLOW__API__HOST", "AIRFLOW__API__PORT"}
"""Addresses inside the cluster: the chart's own."""
OTHERWISE = {
    "AIRFLOW__API__BASE_URL",
    "AIRFLOW__LOGGING__BASE_LOG_FOLDER",
    "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY",
}
"""Set here too, to another address or folder."""


def _value(path):
    found = VALUES
    for name in path.split("."):
        found = found[name]
    return found


@pytest.mark.parametrize("name", sorted(COMPOSE["x-airflow-environment"]))
def test_a_setting_of_airflow_is_as_in_compose(name):
    """The same value, a secret, or what the chart makes of one of its own values."""
    expected = COMPOSE["x-airflow-environment"][name]
    if name in CHART_SETS:
        made_of = _value(CHART_SETS[name])
        assert made_of == expected or (made_of in GUIDE and "${" in expected)
    elif name not in CHART_KNOWS | OTHERWISE | SECRETS.keys():
        assert expected == ENV[name]
    else:
        assert name in CHART_KNOWS | ENV.keys() | SECRETS.keys()


@pytest.mark.parametrize("name", sorted(COMPOSE["x-bayan-environment"]))
def test_a_setting_of_bayan_is_as_in_compose(name):
    """The same value; what a team fills in there stands empty here; what may be left out there may be here."""
    expected = COMPOSE["x-bayan-environment"][name]
    if expected is None:
        assert not ENV.get(name)
    elif name in SECRETS or name in OTHERWISE:
        assert name in SECRETS | ENV.keys()
    else:
        assert ("" if ":?" in expected else expected) == ENV[name]


def test_nothing_is_set_that_compose_does_not_set():
    """But for the auth manager: the chart would choose another one than Airflow does."""
    known = COMPOSE["x-airflow-environment"] | COMPOSE["x-bayan-environment"]
    known |= COMPOSE["services"]["api-server"]["environment"]
    assert {"AIRFLOW__CORE__AUTH_MANAGER"} == (ENV.keys() | SECRETS.keys()) - known.keys()


def test_no_secret_stands_in_the_file():
    """What is secret is named, and each name is one that the guide tells how to make."""
    assert [] == [name for name in ENV if re.search(r"PASSWORD$|SECRET|_KEY$|TOKEN", name)]
    named = {each["secretName"] for each in VALUES["secret"]} | {_value(path) for path in CHART_SETS.values()}
    named = {*named, VALUES["redis"]["passwordSecretName"]} - {"CeleryExecutor"}
    assert set() == {name for name in named if f"| {name} |" not in GUIDE}


def test_it_is_run_as_in_compose():
    """The user of the image, a read-only root, the same memory, as many workers, the same preparation."""
    user = re.findall(r"^USER (\d+):(\d+)$", (PROJECT / "docker" / "Dockerfile").read_text(), re.MULTILINE)[-1]
    pod, container = VALUES["securityContexts"]["pod"], VALUES["securityContexts"]["containers"]
    assert user == (str(pod["runAsUser"]), str(pod["runAsGroup"])) == (str(VALUES["uid"]), str(VALUES["gid"]))
    assert (True, False, ["ALL"]) == (
        container["readOnlyRootFilesystem"], container["allowPrivilegeEscalation"], container["capabilities"]["drop"],
    )  # fmt: skip
    services = COMPOSE["services"]
    parts = {"apiServer": "api-server", "scheduler": "scheduler", "dagProcessor": "dag-processor"}
    parts |= {"triggerer": "triggerer", "workers.celery": "worker-1"}
    limits = {of: _value(part)["resources"]["limits"]["memory"] for part, of in parts.items()}
    assert {of: services[of]["mem_limit"].upper() + "i" for of in parts.values()} == limits
    assert sum(name.startswith("worker-") for name in services) == VALUES["workers"]["celery"]["replicas"]
    assert services["prepare"]["command"] == VALUES["migrateDatabaseJob"]["args"]


def test_what_is_mounted_is_there():
    """Each mount has its volume; the volumes that must be made first are in the guide."""
    volumes = {each["name"]: each for each in VALUES["volumes"]}
    assert {each["name"] for each in VALUES["volumeMounts"]} == volumes.keys()
    claims = [
        each["persistentVolumeClaim"]["claimName"] for each in volumes.values() if "persistentVolumeClaim" in each
    ]
    claims.append(VALUES["logs"]["persistence"]["existingClaim"])
    assert [] == [claim for claim in claims if f"`{claim}`" not in GUIDE]


def test_the_board_is_as_in_compose():
    """The same command, settings, user and limits; what is secret there comes from a secret that the guide tells of."""
    deployment, service = yaml.safe_load_all((PROJECT / "docker" / "board.yaml").read_text())
    pod, compose = deployment["spec"]["template"]["spec"], COMPOSE["services"]["board"]
    (container,) = pod["containers"]
    assert compose["command"] == container["args"]
    assert compose["mem_limit"].upper() + "i" == container["resources"]["limits"]["memory"]
    assert compose["image"] == container["image"]
    plain = {each["name"]: each["value"] for each in container["env"] if "value" in each}
    assert {name: value for name, value in compose["environment"].items() if ":?" not in value} == plain
    kept = {each["name"]: each["valueFrom"]["secretKeyRef"] for each in container["env"] if "valueFrom" in each}
    assert compose["environment"].keys() == plain.keys() | kept.keys()
    assert [] == [key for key in kept.values() if f"| {key['name']} |" not in GUIDE or f"`{key['key']}`" not in GUIDE]
    assert VALUES["securityContexts"]["containers"] == container["securityContext"]
    assert VALUES["securityContexts"]["pod"].items() <= pod["securityContext"].items()
    port = int(compose["ports"][0].rsplit(":", 1)[1])
    assert (port, port) == (container["ports"][0]["containerPort"], service["spec"]["ports"][0]["port"])
    assert service["spec"]["selector"].items() <= deployment["spec"]["template"]["metadata"]["labels"].items()
