"""Let atheris search one target, or each in turn: `python -m fuzz [target] [seconds]`; exits with 1 on a find.

New inputs that reached new code, and those that broke something, are left in `fuzz/found/<target>`.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

FOUND = Path(__file__).parent / "found"
SECONDS = 60

_SEARCH = """
import sys, atheris
with atheris.instrument_imports(include=["pipeline", "feedparser"]):
    from fuzz.targets import TARGETS
atheris.Setup(sys.argv, TARGETS[sys.argv.pop(1)])
atheris.Fuzz()
"""


def main(arguments: list[str]) -> int:
    """Search, and say what came of it."""
    from fuzz.targets import SEEDS, TARGETS

    seconds = [int(word) for word in arguments if word.isdigit()]
    chosen = [word for word in arguments if not word.isdigit()]
    if unknown := [word for word in chosen if word not in TARGETS]:
        print(f"fuzz: no target {unknown[0]}; there are {', '.join(TARGETS)}", file=sys.stderr)
        return 2
    if find_spec("atheris") is None:
        print("fuzz: atheris is not installed; run: make fuzz", file=sys.stderr)
        return 2
    lasting = seconds[0] if seconds else SECONDS
    broken = 0
    for target in chosen or TARGETS:
        lines, found = _search(target, lasting, seeds=SEEDS / target)
        broken += found
        runs = next((line for line in lines if line.startswith("Done ")), "ended early")
        print(f"fuzz: {target}: {runs}: {'broken' if found else 'nothing found'}", flush=True)
        if found:
            print("\n".join(lines[-40:]), flush=True)
    return 1 if broken else 0


def _search(target: str, seconds: int, *, seeds: Path) -> tuple[list[str], bool]:
    """What the search said, and whether it broke something."""
    found = FOUND / target
    found.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [
            sys.executable, "-c", _SEARCH, target, str(found), str(seeds), f"-artifact_prefix={found}/",
            f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=2048", "-max_len=4096",
        ],
        check=False, cwd=FOUND.parents[1], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace",
    )  # fmt: skip
    return done.stdout.splitlines(), done.returncode != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
