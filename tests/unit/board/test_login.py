"""Who may look at the board."""

import base64

import pytest
from pydantic import SecretStr

from pipeline.board.login import is_loopback, may_look, names_this_machine
from pipeline.board.serving import serve
from pipeline.errors import UsageError
from pipeline.settings import Settings

PASSWORD = SecretStr("كلمة-word:1")


def basic(login: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(login.encode()).decode()}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (basic(f"analyst:{PASSWORD.get_secret_value()}"), True),
        (basic(f":{PASSWORD.get_secret_value()}"), True),
        (basic("analyst:كلمة-word"), False),
        (basic("كلمة-word:1"), False),
        (basic(""), False),
        ({"authorization": "Basic ???"}, False),
        ({"authorization": "Basic é"}, False),
        ({"authorization": f"Bearer {PASSWORD.get_secret_value()}"}, False),
        ({}, False),
    ],
)
def test_the_password_opens_and_nothing_else(headers, expected):
    """Under any name; a login that cannot be read is a wrong one."""
    assert expected == may_look(headers, PASSWORD)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("10.0.0.1", False), ("localhost.example", False), ("", False)],
)  # fmt: skip
def test_loopback_is_this_machine_alone(host, expected):
    """Neither all addresses nor a name that only looks alike."""
    assert expected == is_loopback(host)


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org", "", "[::1", "a@b@127.0.0.1.example"])
def test_a_request_for_another_name_is_not_one_for_this_machine(host):
    """A host that cannot be read is none of ours."""
    assert not names_this_machine({"host": host})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "board.example"])
def test_others_are_not_served_without_a_password(tmp_path, host):
    """Before anything listens, the command ends with what to set."""
    with pytest.raises(UsageError, match="BAYAN_BOARD_PASSWORD"):
        serve(Settings(var=tmp_path), host=host, port=0, say=lambda _: pytest.fail("it serves"))
