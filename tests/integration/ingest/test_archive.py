"""The archive: WARC files on the disk, read back by warcio's own reader."""

import gzip
import multiprocessing
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipeline.adapters.archive import WarcArchive
from pipeline.errors import ArchiveError
from pipeline.records import Response

NOON = datetime(2026, 3, 5, 12, 30, 15, 250_000, tzinfo=UTC)
BODY = "<p>أغلق الجسر القديم</p>".encode()
RESPONSE = Response(
    url="https://daily.example/1",
    final_url="https://daily.example/bridge?id=1",
    status=200,
    reason="OK",
    headers=(
        ("Content-Type", "Text/HTML; charset=utf-8"),
        ("Content-Encoding", "gzip"),
        ("Transfer-Encoding", "chunked"),
    ),
    body=BODY,
    raw_body=gzip.compress(BODY),
    request_headers=(("Host", "daily.example"), ("User-Agent", "Bayan/test")),
    fetched_at=NOON,
)


def records(path: Path):
    with path.open("rb") as file:
        return [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
            for record in ArchiveIterator(file, check_digests="raise")
        ]


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.warc.gz"))


def test_a_capture_says_where_its_evidence_is(tmp_path):
    """The row has the hash of the decoded body; the file has request and response, readable by others."""
    with WarcArchive(tmp_path) as archive:
        capture = archive.store(RESPONSE, source_id="daily")
    assert (capture.source_id, capture.media_type, capture.body_bytes, capture.status) == (
        "daily",
        "text/html",
        len(BODY),
        200,
    )
    assert records(tmp_path / capture.archive_file)[1:] == [
        ("request", RESPONSE.final_url, b""),
        ("response", RESPONSE.final_url, BODY),
    ]
    assert archive.read(capture) == BODY


def test_the_records_are_warc_1_1(tmp_path):
    """The response's record has the capture's id and the time of the answer, to the microsecond."""
    with WarcArchive(tmp_path) as archive:
        capture = archive.store(RESPONSE, source_id="daily")
    with (tmp_path / capture.archive_file).open("rb") as file:
        file.seek(capture.archive_offset)
        headers = next(iter(ArchiveIterator(file))).rec_headers
    assert (headers.protocol, headers.get_header("WARC-Record-ID"), headers.get_header("WARC-Date")) == (
        "WARC/1.1",
        f"<urn:uuid:{capture.capture_id}>",
        "2026-03-05T12:30:15.250000Z",
    )


def test_captures_of_an_hour_share_a_file(tmp_path):
    """The next hour begins another file; a late answer of the hour before does not go back."""
    with WarcArchive(tmp_path) as archive:
        times = [NOON, NOON + timedelta(minutes=20), NOON + timedelta(hours=1), NOON]
        captures = [archive.store(replace(RESPONSE, fetched_at=at), source_id="daily") for at in times]
    names = [capture.archive_file for capture in captures]
    assert (names[0] == names[1], names[1] == names[2], names[2] == names[3]) == (True, False, True)
    assert [archive.read(capture) for capture in captures] == [BODY] * 4


def test_storing_goes_on_after_closing(tmp_path):
    """A closed archive takes its file of the hour up again, and what it wrote before stays readable."""
    archive = WarcArchive(tmp_path)
    first = archive.store(RESPONSE, source_id="daily")
    archive.close()
    second = archive.store(RESPONSE, source_id="daily")
    archive.close()
    assert (len(files(tmp_path)), archive.read(first), archive.read(second)) == (1, BODY, BODY)


def _store_many(folder: Path, count: int) -> None:
    with WarcArchive(folder) as archive:
        for _ in range(count):
            archive.store(RESPONSE, source_id="daily")


def test_several_processes_write_files_of_their_own(tmp_path):
    """Three writers at once, one of them forked from a process that writes itself, lose nothing."""
    context = multiprocessing.get_context("fork")
    with WarcArchive(tmp_path) as archive:
        archive.store(RESPONSE, source_id="daily")
        workers = [context.Process(target=_store_many, args=(tmp_path, 10)) for _ in range(2)]
        inherited = context.Process(target=archive.store, args=(RESPONSE,), kwargs={"source_id": "daily"})
        for worker in (*workers, inherited):
            worker.start()
        for worker in (*workers, inherited):
            worker.join()
        archive.store(RESPONSE, source_id="daily")
    found = [kind for path in files(tmp_path) for kind, _, _ in records(path)]
    # One that starts when another has ended takes that one's file up.
    assert (len(files(tmp_path)) in {2, 3, 4}, found.count("response")) == (True, 23)


KILLED = """
import os, sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from tests.integration.ingest.test_archive import RESPONSE
from pipeline.adapters.archive import WarcArchive
archive = WarcArchive(Path(sys.argv[1]))
captures = [archive.store(RESPONSE, source_id="daily") for _ in range(3)]
with (Path(sys.argv[1]) / captures[0].archive_file).open("ab") as file:
    file.write((Path(sys.argv[1]) / captures[0].archive_file).read_bytes()[:100])
    file.flush()
    print(captures[2].archive_offset, flush=True)
    os.kill(os.getpid(), 9)
"""


def test_a_kill_leaves_whole_records_and_a_torn_tail(tmp_path):
    """What was stored before SIGKILL is on the disk; the torn tail harms neither it nor later files."""
    project = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), str(project)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip().isdigit()) == (-9, True)
    (torn,) = files(tmp_path)
    with WarcArchive(tmp_path) as archive:
        later = archive.store(RESPONSE, source_id="daily")
        earlier = replace(later, archive_file=torn.relative_to(tmp_path).as_posix(), archive_offset=int(done.stdout))
        with pytest.raises(ArchiveError, match="no capture"):
            archive.read(earlier)
        with torn.open("rb") as file:
            file.seek(earlier.archive_offset)
            found = next(iter(ArchiveIterator(file))).rec_headers.get_header("WARC-Record-ID")
        earlier = replace(earlier, capture_id=found.removeprefix("<urn:uuid:").removesuffix(">"))
        assert (archive.read(earlier), archive.read(later)) == (BODY, BODY)


def test_changed_evidence_is_found_out(tmp_path):
    """A body with another hash, another record, a missing file: each is said with its place."""
    with WarcArchive(tmp_path) as archive:
        capture = archive.store(RESPONSE, source_id="daily")
    for changed, said in [
        (replace(capture, body_sha256="0" * 64), "has another SHA-256"),
        (replace(capture, archive_offset=0), "no capture"),
        (replace(capture, archive_offset=capture.archive_offset + 1), "no capture"),
        (replace(capture, archive_offset=10**9), "no capture"),
        (replace(capture, archive_file="none.warc.gz"), "no capture"),
        (replace(capture, body_bytes=3), "no capture"),
    ]:
        with pytest.raises(ArchiveError, match=said) as caught:
            archive.read(changed)
        assert str(caught.value).startswith(f"{changed.archive_file} at {changed.archive_offset}: ")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    """The error names the folder and the remedy."""
    (tmp_path / "archive").write_text("in the way")
    with pytest.raises(ArchiveError, match=f"{tmp_path}/archive: cannot be written to .*make room"):
        WarcArchive(tmp_path / "archive").store(RESPONSE, source_id="daily")


def test_a_failed_write_is_taken_back(tmp_path, monkeypatch):
    """When the disk fills up, the half-written record goes, and the file can be read and written again."""
    archive = WarcArchive(tmp_path)
    first = archive.store(RESPONSE, source_id="daily")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(ArchiveError, match="No space left"):
            archive.store(RESPONSE, source_id="daily")
    second = archive.store(RESPONSE, source_id="daily")
    archive.close()
    assert [kind for kind, _, _ in records(tmp_path / first.archive_file)].count("response") == 2
    assert (first.archive_file, archive.read(second)) == (second.archive_file, BODY)


def test_headers_that_are_not_ascii_stay_as_they_came(tmp_path):
    """What a server wrote into a header, in whatever encoding, is evidence too, and the digests still hold."""
    said = "filename=بيان.html".encode()
    headers = (*RESPONSE.headers, ("Content-Disposition", said.decode("latin-1")))
    with WarcArchive(tmp_path) as archive:
        capture = archive.store(replace(RESPONSE, headers=headers), source_id="daily")
        assert BODY == archive.read(capture)
    assert b"Content-Disposition: " + said + b"\r\n" in gzip.decompress((tmp_path / capture.archive_file).read_bytes())
    assert BODY == records(tmp_path / capture.archive_file)[-1][2]


def test_what_a_killed_worker_left_is_found_and_not_written_to_again(tmp_path):
    """Its captures are those that were handed out, each at its place; a file that ended well is not looked through."""
    project = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(project)], capture_output=True, check=False)
    (torn,) = files(tmp_path)
    with WarcArchive(tmp_path) as archive:
        later = archive.store(RESPONSE, source_id="daily")
        ((name, found),) = archive.left_open()
        assert [capture.body_sha256 for capture in found] == [later.body_sha256] * 3
        assert [archive.read(capture) for capture in found] == [BODY] * 3
        assert {(capture.source_id, capture.url, capture.archive_file) for capture in found} == {
            ("daily", RESPONSE.url, name)
        }
        assert (tmp_path / name, later.archive_file == name) == (torn, False)
        assert list(archive.left_open()) == []
    with WarcArchive(tmp_path) as archive:
        assert archive.store(RESPONSE, source_id="daily").archive_file == later.archive_file


def test_an_archive_that_ends_with_an_error_is_looked_through(tmp_path):
    """Then a row may be missing for what was stored last."""
    left = WarcArchive(tmp_path)
    capture = left.store(RESPONSE, source_id="daily")
    left.__exit__(RuntimeError, RuntimeError(), None)
    with WarcArchive(tmp_path) as archive:
        assert list(archive.left_open()) == [(capture.archive_file, [capture])]
        assert archive.store(RESPONSE, source_id="daily").archive_file != capture.archive_file


def test_a_cut_response_and_a_local_document_can_be_proven(tmp_path):
    """The first has headers alone and says so; the second is a resource with its type."""
    cut = replace(RESPONSE, body=b"", raw_body=b"", cut=True)
    local = replace(
        RESPONSE,
        url="file:///a.txt",
        final_url="file:///a.txt",
        headers=(("Content-Type", "text/plain"),),
        raw_body=BODY,
    )
    with WarcArchive(tmp_path) as archive:
        captures = [archive.store(response, source_id="daily") for response in (cut, local)]
        assert [archive.response(capture).body for capture in captures] == [b"", BODY]
        assert [archive.response(capture).cut for capture in captures] == [True, False]
    assert [kind for kind, _, _ in records(tmp_path / captures[0].archive_file)] == [
        "warcinfo", "request", "response", "resource",
    ]  # fmt: skip
