"""SIGKILL while collecting; `make faults` does the same to whole passes, fifty times."""

import random
import subprocess
import sys
from pathlib import Path

from faults.collecting import Killing, outlet, sources_file
from pipeline.embedded.newsroom import Newsroom

PROJECT = Path(__file__).parents[3]


def test_a_killed_run_and_a_rerun_give_what_an_undisturbed_run_gives(tmp_path):
    """Killed twice in a row at random moments: the same content, no capture without a row, no row without one."""
    outlet(tmp_path / "outlet", 25)
    with Newsroom(tmp_path / "outlet") as server:
        killing = Killing(tmp_path, sources_file(tmp_path / "sources.yml", server.address), whole=False)
        expected, seconds = killing.undisturbed()
        moments = [random.uniform(0.3, 1.0) * seconds for _ in range(2)]
        assert killing.losses("killed", moments, expected) == [], moments
    assert (len(expected["articles"]), len(expected["quarantine"])) == (25, 2)


def test_an_unknown_part_is_refused():
    """The command names the parts that there are."""
    done = subprocess.run(
        [sys.executable, "-m", "faults", "none"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "there are collecting" in done.stderr) == (2, True)
