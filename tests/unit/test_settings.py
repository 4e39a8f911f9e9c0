"""What a deployment's environment is taken for."""

import pytest

from pipeline import bootstrap
from pipeline.errors import SettingsError
from pipeline.settings import Settings, read_settings


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SMTP_PORT", "many", r"settings: BAYAN_SMTP_PORT: .*correct it or leave it out"),
        ("AIRFLOW_PORT", "0", r"settings: BAYAN_AIRFLOW_PORT: "),
        ("ALLOW_ADDRESSES", "10.1.0.0/16", r"BAYAN_ALLOW_ADDRESSES is no JSON list; write .*10\.1\.0\.0/16"),
        ("CONTACT", "desk@example.org\r\nX-Forged: 1", r"settings: BAYAN_CONTACT: "),
        ("CONTACT", "Büro", r"settings: BAYAN_CONTACT: "),
    ],
)
def test_a_value_that_cannot_be_used_is_named_in_one_line(monkeypatch, name, value, told):
    """The variable and the way out, never a traceback; a contact that would break the User-Agent is refused."""
    monkeypatch.setenv(f"BAYAN_{name}", value)
    with pytest.raises(SettingsError, match=told):
        read_settings()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_an_empty_variable_is_one_that_is_not_set(monkeypatch, name):
    """Compose and .env files hand on variables without a value."""
    monkeypatch.delenv(f"BAYAN_{name.upper()}", raising=False)
    expected = read_settings()
    monkeypatch.setenv(f"BAYAN_{name.upper()}", "")
    assert expected == read_settings()


def test_relative_places_count_from_where_the_command_was_called(monkeypatch, tmp_path):
    """Airflow refuses a relative path to its database, and a child may stand in another folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BAYAN_VAR", "state")
    monkeypatch.delenv("BAYAN_WAREHOUSE_URL", raising=False)
    settings = read_settings()
    assert (tmp_path / "state", f"sqlite:///{tmp_path}/state/warehouse.db") == (settings.var, settings.database_url)


def test_secrets_are_handed_to_children_and_shown_to_nobody(monkeypatch):
    """The passwords of the mail server and the database travel in the environment alone."""
    monkeypatch.setenv("BAYAN_SMTP_PASSWORD", "one-secret")
    monkeypatch.setenv("BAYAN_WAREHOUSE_URL", "postgresql+psycopg://bayan:other-secret@db.example/bayan")
    settings = read_settings()
    assert "one-secret" == settings.as_environment()["BAYAN_SMTP_PASSWORD"]
    assert "secret" not in f"{settings!r} {settings}".replace("SecretStr", "")


def test_a_child_reads_the_settings_that_it_was_given(monkeypatch):
    """Handed over as an environment and read again, they are the same."""
    monkeypatch.setenv("BAYAN_ALLOW_ADDRESSES", '["10.1.0.0/16"]')
    monkeypatch.setenv("BAYAN_SMTP_TLS", "false")
    settings = read_settings()
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)
    assert settings == read_settings()


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, (None, None)),
        (
            {"AIRFLOW__API__BASE_URL": "http://h.example:1"},
            ("http://h.example:1/bayan/?statement=s1", "/bayan/rules/r.1"),
        ),
        (
            {"AIRFLOW__API__BASE_URL": "http://h.example:1", "BAYAN_UI_URL": "https://b.example/"},
            ("https://b.example/bayan/?statement=s1", "/bayan/rules/r.1"),
        ),
        (
            {"BAYAN_BOARD_URL": "https://o.example/{statement_id}", "BAYAN_RULE_URL": "https://o.example/x#{rule_id}"},
            ("https://o.example/s1", "https://o.example/x#r.1"),
        ),
    ],
    ids=["nowhere", "airflow", "behind-a-proxy", "elsewhere"],
)
def test_links_of_alerts_lead_to_the_page_in_the_ui(monkeypatch, variables, expected):
    """To Airflow as it knows itself, to the address that readers use, or to another board and other pages."""
    for name in ("AIRFLOW__API__BASE_URL", "BAYAN_UI_URL", "BAYAN_BOARD_URL", "BAYAN_RULE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    links = bootstrap.links(read_settings())
    board, rule = links.to_statement("s1"), links.to_rule("r.1")
    assert board == expected[0]
    assert (rule or "").endswith(expected[1] or "")
    assert bool(rule) == bool(expected[1])
