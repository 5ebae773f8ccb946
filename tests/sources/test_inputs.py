"""Which files of a source are read, in which order, and what is said of the others."""

from __future__ import annotations

import gzip
import itertools
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import RawPage, Skipped
from indexer.errors import SourceNotFound
from indexer.sources import InputRef, find_inputs, read_pages
from indexer.sources import parts as parts_module
from indexer.sources.files import open_regular
from indexer.sources.names import shown


def found(*paths: Path) -> list[InputRef | Skipped]:
    return list(find_inputs(paths))


def names(*paths: Path) -> list[str]:
    return [item.path for item in found(*paths)]


def test_every_kind_is_found_in_a_fixed_order(tmp_path: Path) -> None:
    for name in ("b.html", "a.htm", "c.shtml", "d.txt", "e.md", "f.jsonl", "g.jpg", "h.css"):
        (tmp_path / name).write_text("x")
    (tmp_path / "a-folder").mkdir()
    (tmp_path / "a-folder" / "z.HTML").write_text("x")
    assert names(tmp_path) == [
        "a-folder/z.HTML",
        "a.htm",
        "b.html",
        "c.shtml",
        "d.txt",
        "e.md",
        "f.jsonl",
    ]


def test_what_is_hidden_or_belongs_to_a_saved_page_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("x")
    for folder in ("page_files", ".git", "__MACOSX", "lonely_files"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "frame.html").write_text("x")
    (tmp_path / ".hidden.html").write_text("x")
    (tmp_path / "README.md").write_text("x")
    # A folder named like assets, but of no page, may hold anything.
    assert names(tmp_path) == ["lonely_files/frame.html", "page.html"]


def test_the_frames_of_a_frameset_are_its_pages(tmp_path: Path) -> None:
    (tmp_path / "page.htm").write_text("<html><FRAMESET><frame src='page.files/a.htm'></FRAMESET>")
    (tmp_path / "page.files").mkdir()
    (tmp_path / "page.files" / "a.htm").write_text("x")
    assert names(tmp_path) == ["page.files/a.htm", "page.htm"]


def test_a_missing_source_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound) as error:
        find_inputs([tmp_path / "nowhere"])
    assert "nowhere" in error.value.message
    assert error.value.exit_status == 2


def test_a_file_is_given_once_however_often_it_is_named(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text("x")
    assert len(found(tmp_path, page, tmp_path)) == 1


def test_a_named_file_of_another_kind_is_refused_with_the_kinds_known(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text("x")
    (item,) = found(tmp_path / "a.docx")
    assert isinstance(item, Skipped)
    assert ".html" in item.reason


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_out_of_the_source_are_not_followed(tmp_path: Path) -> None:
    source, outside = tmp_path / "source", tmp_path / "outside"
    source.mkdir()
    outside.mkdir()
    (outside / "secret.html").write_text("x")
    (source / "own.html").write_text("x")
    (source / "out.html").symlink_to(outside / "secret.html")
    (source / "folder").symlink_to(outside)
    (source / "inside.html").symlink_to(source / "own.html")
    (source / "loop").symlink_to(source)
    (source / "broken.html").symlink_to(source / "nothing")
    items = found(source)
    assert [i.path for i in items if isinstance(i, InputRef)] == ["own.html"]
    skipped = {i.path: i.code for i in items if isinstance(i, Skipped)}
    assert skipped == {"out.html": "link", "folder": "link"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_named_like_a_page_is_skipped_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.html")
    (item,) = found(tmp_path)
    assert isinstance(item, Skipped)
    assert item.code == "not_a_file"
    # And when it appears only after the walk:
    (page,) = read_pages(InputRef(str(tmp_path), "pipe.html"))
    assert isinstance(page, Skipped)


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_names_in_odd_bytes_are_read_and_shown_readably(tmp_path: Path) -> None:
    gbk = "残联.html".encode("gbk")
    for name in (gbk, b"\xff\xfe.html", b"line\nbreak.html"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(b"<p>x</p>")
    pages = [page for ref in found(tmp_path) for page in read_pages(ref)]  # type: ignore[arg-type]
    assert [type(page) for page in pages] == [RawPage] * 3
    shown_names = {page.path for page in pages}
    assert len(shown_names) == 3
    assert {"残联.html", "line\\nbreak.html"} < shown_names
    for shown_name in shown_names:
        shown_name.encode()  # fit for JSON and logs
        assert shown_name.isprintable()


@given(st.binary(min_size=1, max_size=40))
def test_any_name_is_shown_printable(name: bytes) -> None:
    text = shown(os.fsdecode(name))
    assert text.isprintable()
    text.encode()


@given(
    lines=st.lists(st.integers(0, 60).map(lambda n: b"x" * n + b"\n"), max_size=40),
    tail=st.sampled_from([b"", b"last"]),
    size=st.integers(1, 50),
    packed=st.booleans(),
)
def test_parts_of_a_large_jsonl_cover_it_at_line_borders(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[bytes],
    tail: bytes,
    size: int,
    packed: bool,
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    data = b"".join(lines) + tail
    (folder / ("a.jsonl.gz" if packed else "a.jsonl")).write_bytes(
        gzip.compress(data) if packed else data
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts_module, "PART_BYTES", size)
        refs = [ref for ref in found(folder) if isinstance(ref, InputRef)]
    assert refs[0].start == 0
    assert refs[-1].end in (None, len(data))
    for before, ref in itertools.pairwise(refs):
        assert before.end == ref.start
        assert data[ref.start - 1 : ref.start] == b"\n"
        assert ref.first_line == data[: ref.start].count(b"\n") + 1


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_parts_give_each_record_once_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    data = b"".join(b'{"text": "%d"}\n' % number for number in range(1, 101))
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    monkeypatch.setattr(parts_module, "PART_BYTES", 64)
    refs = found(tmp_path)
    assert len(refs) > 5
    pages = [page for ref in refs for page in read_pages(ref)]  # type: ignore[arg-type]
    assert [(p.path, p.record["text"]) for p in pages] == [  # type: ignore[union-attr, index]
        (f"{name}#{number}", str(number)) for number in range(1, 101)
    ]


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_put_in_the_place_of_a_page_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "page.html").symlink_to(tmp_path / "secret")
    # It was a page when the folder was walked.
    (page,) = read_pages(InputRef(str(tmp_path), "page.html"))
    assert isinstance(page, Skipped)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_nothing_but_a_regular_file_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    for other in (tmp_path / "pipe", Path("/dev/null"), tmp_path):
        with pytest.raises(OSError, match="regular"):
            open_regular(str(other))
    open_regular(str(tmp_path / "file")).close()
