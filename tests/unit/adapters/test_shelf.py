"""Local sources."""

import json

import pytest

from pipeline.adapters.archive import WarcArchive
from pipeline.adapters.shelf import LocalShelf
from pipeline.errors import FetchError
from pipeline.ingest import read_document
from pipeline.records import Document, Source
from tests.fakes.press import capture
from tests.integration.ingest.test_archive import BODY, RESPONSE

TEXT = "The old bridge over the river will be closed for a week from Sunday, the city said on Thursday."


def source(path, kind="folder"):
    return Source(source_id="files", kind=kind, url=path.absolute().as_uri(), name="Files")


def documents(path, kind="folder", known=frozenset()):
    return list(LocalShelf().documents(source(path, kind), known=known))


def article(document, of):
    response = document.response
    media_type = response.header("content-type")
    row = capture()
    row = type(row)(**{**{name: getattr(row, name) for name in row.__slots__}, "media_type": media_type,
                       "url": response.url, "final_url": response.final_url})  # fmt: skip
    return read_document(response.body, capture=row, content_type=media_type, source=of)


def test_files_become_documents(tmp_path):
    """HTML, text and each row of JSON Lines; other files and hidden ones are left alone."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.html").write_text(f"<article><h1>Bridge</h1><p>{TEXT}</p></article>")
    (tmp_path / "b.txt").write_text(f"Bridge closed\n\n{TEXT}\n")
    row = {"text": TEXT, "title": "Bridge", "url": "https://daily.example/1", "published_at": "2026-03-05T10:00:00Z"}
    (tmp_path / "c.jsonl").write_text(json.dumps(row) + "\n\n" + json.dumps({"body": TEXT}) + "\n")
    (tmp_path / "d.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden.txt").write_text("no")
    found = documents(tmp_path)
    texts = [article(document, source(tmp_path)) for document in found]
    assert [(one.title, one.body) for one in texts] == [
        ("Bridge closed", TEXT), ("Bridge", TEXT), (TEXT, TEXT), ("Bridge", TEXT),
    ]  # fmt: skip
    assert texts[0].url == (tmp_path / "b.txt").as_uri()
    assert (texts[1].url, texts[1].published_basis) == ("https://daily.example/1", "metadata")


def test_a_changed_file_is_another_document_and_an_unchanged_one_is_known(tmp_path):
    """By place and content."""
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    (first,) = documents(path)
    assert documents(path, known={first.key}) == []
    path.write_text(TEXT + " Later.")
    (second,) = documents(path, known={first.key})
    assert second.key != first.key


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    """What an outsider could make point anywhere is named and not read."""
    (tmp_path / "secret.txt").write_text("a secret")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").symlink_to(tmp_path / "secret.txt")
    (refused,) = documents(tmp_path / "in")
    assert (isinstance(refused, Document), refused.reason, refused.path) == (False, "outside-folder", "a.txt")


def test_a_warc_archive_is_a_source(tmp_path):
    """Its pages come with their own address and time, whoever wrote it; a file that is none is named."""
    with WarcArchive(tmp_path / "other") as archive:
        archive.store(RESPONSE, source_id="theirs")
    (document,) = documents(tmp_path / "other", "warc")
    assert (document.response.final_url, document.response.body) == (RESPONSE.final_url, BODY)
    assert document.response.fetched_at == RESPONSE.fetched_at
    assert documents(tmp_path / "other", "warc", known={document.key}) == []
    (tmp_path / "bad.warc.gz").write_bytes(b"\x1f\x8bnothing")
    assert [one.reason for one in documents(tmp_path / "bad.warc.gz", "warc")] == ["unreadable"]


def test_a_missing_folder_is_a_failure_of_the_source(tmp_path):
    """With its address and the remedy."""
    with pytest.raises(FetchError, match="no such file or folder; correct the path"):
        documents(tmp_path / "none")
