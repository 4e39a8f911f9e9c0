"""docker-compose.yml, the Dockerfile and .dockerignore, read as the files that they are: no engine is needed."""

import os
import re
import shlex
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from airflow.providers.celery.get_provider_info import get_provider_info
from typer.main import get_command

from pipeline.cli import app
from pipeline.embedded.airflow import Airflow, Secrets
from pipeline.settings import PROJECT, Settings

TEXT = (PROJECT / "docker-compose.yml").read_text()
FILE = yaml.safe_load(TEXT)
SERVICES = FILE["services"]
DOCKERFILE = (PROJECT / "docker" / "Dockerfile").read_text()
REQUIRED = re.compile(r"\$\{(\w+):\?set \1 in \.env, see docs/compose\.md\}")
SECRET_NAME = re.compile(r"PASSWORD$|SECRET|_KEY$")

EMBEDDED_ONLY = {
    "AIRFLOW_HOME": "stands in the Dockerfile",
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "the files of an image do not change",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "Airflow 3.3 collects none and knows no such setting",
}
DEPLOYMENT = re.compile(r"SECRET|FERNET|FOLDER|FILE|CONN|URL|__API__HOST|__API__PORT|PARALLELISM|EXECUTOR")

every_service = pytest.mark.parametrize("name", SERVICES)


def settings_of(name: str) -> dict[str, str | None]:
    return SERVICES[name].get("environment") or {}


@cache
def airflow_options() -> set[str]:
    """Every setting that the installed Airflow core knows, as the name of its environment variable."""
    package = find_spec("airflow")
    assert package is not None
    assert package.origin is not None
    sections = yaml.safe_load((Path(package.origin).parent / "config_templates" / "config.yml").read_text())
    sections |= get_provider_info()["config"]
    return {f"AIRFLOW__{s.upper()}__{o.upper()}" for s, body in sections.items() for o in body["options"]}


def copied(dockerfile: str) -> list[str]:
    """What COPY takes from the checkout."""
    lines = [shlex.split(line) for line in dockerfile.splitlines() if line.startswith("COPY ")]
    return [source for words in lines if not words[1].startswith("--from=") for source in words[1:-1]]


def test_no_key_stands_twice():
    """Compose refuses such a file, and PyYAML would take the last silently."""
    waiting, twice = [yaml.compose(TEXT)], []
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            twice += [key for key in keys if keys.count(key) > 1]
            waiting += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
    assert [] == twice


@every_service
def test_a_service_says_whether_it_is_healthy_or_is_waited_for_to_end(name):
    """Every service has a healthcheck, or runs once and those behind it wait for its end."""
    one_shot = any(
        service["depends_on"].get(name) == {"condition": "service_completed_successfully"}
        for service in SERVICES.values()
        if "depends_on" in service
    )
    assert one_shot != ("healthcheck" in SERVICES[name])
    assert one_shot == (SERVICES[name]["restart"] == "no")


def test_the_two_ports_are_published_on_loopback():
    """Nothing but the UI and the analysts' board leaves its container, and they leave to 127.0.0.1 only."""
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert {
        "api-server": ["127.0.0.1:${UI_PORT:-8080}:8080"],
        "board": ["127.0.0.1:${BOARD_PORT:-8081}:8081"],
    } == published


def test_the_board_can_only_read():
    """Its login at the database is the reader's, no volume is mounted, and it has no secret but its own two."""
    board, settings = SERVICES["board"], settings_of("board")
    assert settings["BAYAN_WAREHOUSE_URL"].startswith("postgresql+psycopg://bayan_reader:${READER_DB_PASSWORD:?")
    assert [] == board["volumes"]
    assert ["READER_DB_PASSWORD", "BAYAN_BOARD_PASSWORD"] == REQUIRED.findall(" ".join(settings.values()))
    assert "bayan warehouse reader bayan_reader" in SERVICES["prepare"]["command"][-1]


def test_the_board_is_started_where_it_is_published_and_asked():
    """The port of its command is the one of the container, and the health question goes there."""
    board = SERVICES["board"]
    port = board["command"][board["command"].index("--port") + 1]
    assert board["ports"][0].endswith(f":{port}")
    assert f"http://127.0.0.1:{port}/health" in board["healthcheck"]["test"][-1]
    assert {"--host", "--port"} <= {
        option for each in get_command(app).commands["board"].params for option in each.opts
    }


@every_service
def test_a_service_cannot_write_gain_rights_or_take_all_memory(name):
    """Every service has a read-only root, no capability, no way to new privileges, and a limit of memory."""
    service = SERVICES[name]
    assert [True, ["ALL"], ["no-new-privileges:true"]] == [
        service["read_only"], service["cap_drop"], service["security_opt"],
    ]  # fmt: skip
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])


@every_service
def test_a_secret_comes_from_outside_and_has_no_default(name):
    """Every password, secret and key of a service is a required variable, or one handed on when it is set."""
    values = {key: value for key, value in settings_of(name).items() if SECRET_NAME.search(key)}
    assert {} == {key: value for key, value in values.items() if value is not None and not REQUIRED.fullmatch(value)}


@every_service
def test_a_password_in_an_address_comes_from_outside(name):
    """The password in a database's URL is a required variable."""
    logins = [value for value in settings_of(name).values() if value and "@" in value and "://" in value]
    patterns = [re.sub(REQUIRED, "PASSWORD", login) for login in logins]
    right = re.compile(r"(db\+)?postgresql\+psycopg://\w+:PASSWORD@postgres/\w+|redis://:PASSWORD@redis:6379/0")
    assert [] == [pattern for pattern in patterns if not right.fullmatch(pattern)]


def test_only_ports_have_a_default():
    """No variable but the ports falls back to a value of this file."""
    assert {"UI_PORT", "BOARD_PORT"} == set(re.findall(r"\$\{(\w+):?-", TEXT))


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in {"postgres", "redis"}])
def test_every_variable_has_a_reader(name):
    """A variable is a field of Settings, an option of the installed Airflow, or read by the entrypoint."""
    known = airflow_options() | {f"BAYAN_{field.upper()}" for field in Settings.model_fields}
    known |= set(re.findall(r"\$\{([A-Z_]+):", (PROJECT / "docker" / "entrypoint.sh").read_text()))
    known |= {"GX_ANALYTICS_ENABLED"}
    assert set() == set(settings_of(name)) - known


def test_airflow_is_set_as_on_a_laptop(tmp_path):
    """What the embedded Airflow sets is set here too, to the same value where it is not an address or a secret."""
    secrets = Secrets(passwords={}, jwt="", session="", fernet="")
    embedded = Airflow(home=tmp_path, port=8080, secrets=secrets).environment({})
    wanted = {k: v for k, v in embedded.items() if k.startswith("AIRFLOW") and k not in EMBEDDED_ONLY}
    here = settings_of("scheduler")
    assert set() == set(wanted) - set(here)
    same = {key: value for key, value in wanted.items() if not DEPLOYMENT.search(key)}
    assert same == {key: here[key] for key in same}


def test_the_sources_named_are_in_the_image():
    """BAYAN_SOURCES, the rules and the subscriptions are files that the Dockerfile copies."""
    here = settings_of("scheduler")
    named = [here[key].removeprefix("/app/") for key in ("BAYAN_SOURCES", "BAYAN_RULES", "BAYAN_SUBSCRIPTIONS")]
    assert [] == [
        path for path in named if not (PROJECT / path).exists() or Path(path).parts[0] not in copied(DOCKERFILE)
    ]


def test_the_image_copies_what_exists_and_what_the_ignore_file_lets_in():
    """Every source of a COPY exists in the checkout, and .dockerignore lets in exactly these."""
    let_in = [line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert [] == [path for path in copied(DOCKERFILE) if not (PROJECT / path).exists()]
    assert sorted(let_in) == sorted(copied(DOCKERFILE))


def test_the_image_runs_as_an_unprivileged_user():
    """The last USER of the Dockerfile is a number other than 0, and the private tmpfs belongs to it."""
    user, group = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)[-1]
    assert user != "0"
    assert f"/run/bayan:uid={user},gid={group},mode=0700,size=64m" in SERVICES["scheduler"]["tmpfs"]


def test_the_image_is_built_by_the_uv_of_the_makefile():
    """One version of uv builds the environment of a laptop and of the image."""
    makefile = re.search(r"^UV_VERSION := (\S+)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    image = re.search(r"^ARG UV_VERSION=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert makefile is not None
    assert image is not None
    assert makefile[1] == image[1]


@every_service
def test_what_a_service_names_is_defined(name):
    """Networks, named volumes, mounted files and services waited for exist."""
    service = SERVICES[name]
    mounted = [volume.split(":")[0] for volume in service["volumes"]]
    assert set() == set(service["networks"]) - set(FILE["networks"])
    assert set() == {volume for volume in mounted if not volume.startswith("./")} - set(FILE["volumes"])
    assert [] == [file for file in mounted if file.startswith("./") and not (PROJECT / file).is_file()]
    assert set() == set(service.get("depends_on", ())) - set(SERVICES)


def test_the_required_variables_suffice(tmp_path):
    """With the required variables set, Compose takes the file; without Compose, nothing in it is left to be filled."""
    values = dict.fromkeys(REQUIRED.findall(TEXT), "x")
    env_file = tmp_path / "env"
    env_file.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    if not has_compose():
        filled = re.sub(r"\$\{(\w+):-(\w+)\}", r"\2", REQUIRED.sub(lambda found: values[found[1]], TEXT))
        # Two of them stand for one that the container's own shell reads.
        filled = filled.replace("$$", "")
        assert "$" not in filled
        return
    file = PROJECT / "docker-compose.yml"
    command = ["docker", "compose", "--env-file", str(env_file), "--file", str(file), "config", "--quiet"]
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "DOCKER_CONFIG") if name in os.environ}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=clean)
    assert ("", 0) == (done.stderr, done.returncode)


def has_compose() -> bool:
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
