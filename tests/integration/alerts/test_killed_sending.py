"""SIGKILL while sending; `make faults` does the same two hundred times on both databases."""

import random

from faults.sending import trial


def test_killed_senders_lose_no_alert_and_send_none_twice_without_a_cause(tmp_path):
    """A moody server, senders killed at random: every alert arrives, second copies are explained one by one."""
    seed = random.randrange(10**6)
    came = trial(f"sqlite:///{tmp_path / 'warehouse.db'}", 8, seed=seed)
    assert came.losses == [], seed
    assert came.mails > 0
