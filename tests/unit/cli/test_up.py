"""What `bayan up` tells at the end."""

from importlib import import_module
from types import SimpleNamespace

from pipeline.embedded.airflow import USER, VIEWER
from pipeline.settings import read_settings

command = import_module("pipeline.cli.up")  # as an attribute of its package it is the function


def test_the_addresses_hold_no_password_of_the_warehouse(monkeypatch, capsys):
    """The login of the embedded Airflow is printed on purpose; that of a team's database is not."""
    monkeypatch.setenv("BAYAN_WAREHOUSE_URL", "postgresql://bayan:hidden@db.example/bayan")
    secrets = SimpleNamespace(passwords={USER: "shown-1", VIEWER: "shown-2"})
    airflow = SimpleNamespace(address="http://127.0.0.1:8080", secrets=secrets)
    command._print_addresses(SimpleNamespace(airflow=airflow, settings=read_settings()))
    told = capsys.readouterr().out
    assert (True, True, False) == ("shown-1" in told, "db.example/bayan" in told, "hidden" in told)
