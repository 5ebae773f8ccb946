"""The manifest vouches for every byte of a generation, its own included."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.errors import IndexDamaged, IndexOutdated
from indexer.manifest import (
    MANIFEST_NAME,
    Manifest,
    describe_files,
    find_damage,
    read_manifest,
)

NAME = "20260101T000000Z-0123abcd"


@pytest.fixture
def generation(tmp_path: Path) -> Path:
    folder = tmp_path / NAME
    (folder / "part").mkdir(parents=True)
    (folder / "a.bin").write_bytes(b"abc")
    (folder / "part" / "b.bin").write_bytes(b"")
    manifest = Manifest(
        generation=NAME,
        created="2026-01-01T00:00:00+00:00",
        command="indexer build 资料",
        documents=2,
        corpus_digest="0" * 64,
        analyzer={"fingerprint": "f"},
        files=describe_files(folder, ["a.bin", "part/b.bin"]),
    )
    (folder / MANIFEST_NAME).write_bytes(manifest.to_bytes())
    return folder


def test_a_sound_generation_reads_back(generation: Path) -> None:
    manifest = read_manifest(generation)
    assert manifest.command == "indexer build 资料"
    assert manifest.fingerprint == "f"
    assert find_damage(generation, manifest) == []


def test_every_flipped_byte_of_every_file_is_found(generation: Path) -> None:
    sound = read_manifest(generation)
    for path in (generation / "a.bin", generation / MANIFEST_NAME):
        data = path.read_bytes()
        for place in range(len(data)):
            for mask in (0x01, 0x20, 0xFF):
                path.write_bytes(data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :])
                if path.name == MANIFEST_NAME:
                    with pytest.raises((IndexDamaged, IndexOutdated)):
                        read_manifest(generation)
                else:
                    assert find_damage(generation, sound)
        path.write_bytes(data)


def test_missing_foreign_cut_and_linked_files_are_found(generation: Path) -> None:
    manifest = read_manifest(generation)
    (generation / "foreign").write_bytes(b"x")
    assert find_damage(generation, manifest) == ["多出文件 foreign (not in the manifest)"]
    (generation / "foreign").unlink()
    (generation / "a.bin").write_bytes(b"ab")
    assert find_damage(generation, manifest) == ["a.bin 的大小不对 (wrong size)"]
    (generation / "a.bin").unlink()
    assert find_damage(generation, manifest) == ["缺少文件 a.bin (missing)"]
    (generation / "a.bin").symlink_to(generation / "part" / "b.bin")
    assert find_damage(generation, manifest) == ["a.bin 不是普通文件 (not a regular file)"]


def test_a_manifest_of_another_generation_is_refused(generation: Path) -> None:
    other = generation.with_name("20260101T000000Z-ffffffff")
    generation.rename(other)
    with pytest.raises(IndexDamaged):
        read_manifest(other)


def test_another_schema_is_refused_with_the_command_that_mends_it(generation: Path) -> None:
    manifest = replace(read_manifest(generation), schema=0)
    (generation / MANIFEST_NAME).write_bytes(manifest.to_bytes())
    with pytest.raises(IndexOutdated) as caught:
        read_manifest(generation)
    assert "indexer build" in caught.value.hint


def test_a_link_in_the_place_of_a_file_is_found(generation: Path, tmp_path: Path) -> None:
    """What it points at may be right now and another thing after the check."""
    manifest = read_manifest(generation)
    (generation / "a.bin").rename(tmp_path / "elsewhere")
    (generation / "a.bin").symlink_to(tmp_path / "elsewhere")
    assert find_damage(generation, manifest) == ["a.bin 不是普通文件 (not a regular file)"]
