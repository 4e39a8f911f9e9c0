"""Make the faults of all parts, or of one: `python -m faults [part]`; exits with 1 when anything was lost."""

from __future__ import annotations

import sys

from faults import collecting, house, loading, sending

PARTS = {
    "collecting": collecting.faults,
    "loading": loading.faults,
    "sending": sending.faults,
    "house": house.faults,
}


def main(only: list[str]) -> int:
    """Print a line for each fault: what was tried, and what was lost."""
    if unknown := [part for part in only if part not in PARTS]:
        print(f"faults: no part {unknown[0]}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    tried = lost = 0
    for part in only or PARTS:
        for what, losses in PARTS[part]():
            tried += 1
            lost += bool(losses)
            print(f"{part}: {what}: " + ("; ".join(losses) if losses else "nothing lost"), flush=True)
    print(f"{tried} faults, {lost} with losses")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
