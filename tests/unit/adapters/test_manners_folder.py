"""The files through which workers take turns: locked by one, and gone when they say nothing any more."""

import os
import threading

from pipeline.adapters.http.manners import lock, tidy_up

DAY = 86_400.0
NOW = 2_000_000_000.0


def file(folder, name, *, days, text=""):
    """A file that was last changed so many days before now."""
    path = folder / name
    path.write_text(text)
    os.utime(path, (NOW - days * DAY, NOW - days * DAY))
    return path


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_files_that_say_nothing_any_more_go(tmp_path):
    """Turns and robots.txt of three days ago, and what a killed worker left; what was written yesterday stays."""
    file(tmp_path, "tidied", days=3)
    for name in ("a.next", "a.0", "a.robots", "a.123"):
        file(tmp_path, name, days=3)
    file(tmp_path, "b.next", days=1.5)
    assert (tidy_up(tmp_path, now=NOW), names(tmp_path)) == (4, {"tidied", "b.next"})


def test_a_file_that_a_worker_holds_stays(tmp_path):
    """Its connection is open, however old the file is."""
    file(tmp_path, "tidied", days=3)
    held = lock(file(tmp_path, "a.0", days=9), wait=False)
    assert (tidy_up(tmp_path, now=NOW), "a.0" in names(tmp_path)) == (0, True)
    os.close(held)


def test_it_is_done_once_a_day(tmp_path):
    """By whichever worker comes first; a new folder has nothing to tidy up."""
    file(tmp_path, "tidied", days=3)
    tidy_up(tmp_path, now=NOW)
    file(tmp_path, "a.next", days=3)
    assert [tidy_up(tmp_path, now=NOW + hours * 3600) for hours in (1, 23, 25)] == [0, 0, 1]


def test_two_workers_do_not_tidy_up_at_once(tmp_path):
    """Who finds another at it goes on with its work."""
    held = lock(file(tmp_path, "tidied", days=3), wait=False)
    file(tmp_path, "a.next", days=3)
    assert (tidy_up(tmp_path, now=NOW), "a.next" in names(tmp_path)) == (0, True)
    os.close(held)


def test_a_lock_is_held_by_one(tmp_path):
    """Another gets none, until it is given back."""
    first = lock(tmp_path / "a.0", wait=False)
    assert lock(tmp_path / "a.0", wait=False) is None
    os.close(first)
    second = lock(tmp_path / "a.0", wait=False)
    assert second is not None
    os.close(second)


def test_who_waits_for_a_file_that_goes_meanwhile_locks_the_one_that_follows(tmp_path):
    """Else two workers would hold the same name, each its own file."""
    path = tmp_path / "a.next"
    first = lock(path, wait=False)
    got = []
    waiting = threading.Thread(target=lambda: got.append(lock(path, wait=True)))
    waiting.start()
    path.unlink()
    os.close(first)
    waiting.join()
    assert os.path.samestat(os.fstat(got[0]), path.stat())
    assert lock(path, wait=False) is None
    os.close(got[0])
