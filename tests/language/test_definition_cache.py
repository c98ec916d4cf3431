"""A definition read before is taken again only while nothing that made it differs; else it is read anew."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pathway.language import definition_cache
from pathway.language.bundled import bundled_pathways
from pathway.language.definition import Definition
from pathway.language.definition_cache import MOST_ENTRIES, DefinitionCache
from pathway.language.gather import Gathered
from pathway.language.load import load_as_written, load_definition
from pathway.language.problems import DefinitionError

MAIN = """\
pathway: fever
version: 1.0.0
title: Fever
status: draft
include: [facts.yaml]
tracks:
  care:
    start: waiting
    states:
      waiting: {kind: enquiry, asks: [temperature], next: [{to: warm, when: temperature >= 38}]}
      warm: {kind: end}
"""
FACTS = """\
facts:
  temperature: {ask: Temperature, type: quantity, unit: Cel, range: [30, 45], step: 0.1}
"""


@pytest.fixture
def fever(tmp_path: Path) -> Path:
    """A pathway of two files."""
    folder = tmp_path / "fever"
    folder.mkdir()
    (folder / "pathway.yaml").write_text(MAIN, "utf-8")
    (folder / "facts.yaml").write_text(FACTS, "utf-8")
    return folder / "pathway.yaml"


@pytest.fixture
def cache(tmp_path: Path) -> DefinitionCache:
    return DefinitionCache(tmp_path / "cache" / "definitions")


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The definitions that were read from their files, one after the other."""
    read: list[Path] = []

    def counted(path: Path) -> tuple[Definition, Gathered]:
        read.append(path)
        return load_as_written(path)

    monkeypatch.setattr("pathway.language.load.load_as_written", counted)
    return read


def entries(cache: DefinitionCache) -> list[Path]:
    assert cache.folder is not None
    return sorted(cache.folder.glob("*.kept"))


@pytest.mark.parametrize("main", bundled_pathways(), ids=lambda main: main.parent.name)
def test_what_is_taken_equals_what_is_read(main: Path, cache: DefinitionCache, readings: list[Path]) -> None:
    read = load_as_written(main)

    for _ in range(2):
        assert cache.definition(main) == read[0]
        assert cache.as_written(main) == read

    assert len(readings) == 2  # each once


def test_what_is_taken_needs_no_yaml_no_grammar_and_no_schema(fever: Path, cache: DefinitionCache) -> None:
    program = """\
import sys
from pathlib import Path
from pathway.language.definition_cache import DefinitionCache
folder, main = map(Path, sys.argv[1:])
print(DefinitionCache(folder).definition(main).title, {"yaml", "lark", "pydantic"} & set(sys.modules))
"""
    command = [sys.executable, "-c", program, str(cache.folder), str(fever)]
    first, second = (
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() for _ in range(2)
    )

    assert first.startswith("Fever {'")
    assert second == "Fever set()"


@pytest.mark.parametrize("name", ["pathway.yaml", "facts.yaml"])
def test_a_change_in_any_file_is_seen_at_once(name: str, fever: Path, cache: DefinitionCache) -> None:
    cache.definition(fever)
    file = fever.parent / name
    seen = file.stat()
    file.write_text(file.read_text("utf-8").replace("38", "39").replace("30", "20"), "utf-8")
    os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))  # as old and as long as before

    assert cache.definition(fever) == load_definition(fever)


def test_a_file_that_changes_while_it_is_read_is_read_again(
    fever: Path, cache: DefinitionCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def saved_meanwhile(path: Path) -> tuple[Definition, Gathered]:
        read = load_as_written(path)
        fever.write_text(MAIN.replace("38", "39"), "utf-8")
        return read

    with monkeypatch.context() as patched:
        patched.setattr("pathway.language.load.load_as_written", saved_meanwhile)
        cache.definition(fever)

    assert cache.definition(fever) == load_definition(fever)


def test_a_broken_definition_is_refused_every_time_and_never_kept(
    fever: Path, cache: DefinitionCache
) -> None:
    cache.definition(fever)
    fever.write_text(MAIN.replace("temperature", "temprature"), "utf-8")

    for _ in range(2):
        with pytest.raises(DefinitionError, match="temprature"):
            cache.definition(fever)
    (fever.parent / "facts.yaml").unlink()
    with pytest.raises(DefinitionError, match=r"facts\.yaml"):
        cache.definition(fever)


def test_another_program_reads_for_itself(
    fever: Path, cache: DefinitionCache, readings: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.definition(fever)
    monkeypatch.setattr(definition_cache, "program_digest", lambda: "another")
    cache.definition(fever)

    assert readings == [fever, fever]


def test_a_damaged_entry_is_never_taken(fever: Path, cache: DefinitionCache, readings: list[Path]) -> None:
    whole = cache.definition(fever)
    (entry,) = entries(cache)
    content = entry.read_bytes()
    places = range(0, len(content), len(content) // 40)
    for place in places:
        entry.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert cache.definition(fever) == whole
        entry.write_bytes(content[:place])
        assert cache.definition(fever) == whole

    assert len(readings) == 1 + 2 * len(places)


@pytest.mark.parametrize("head", [b"", b"[]", b"null", b'{"program": 1}', b'{"more": 1}', b"\xff"])
def test_what_is_no_entry_at_all_is_read_over(head: bytes, fever: Path, cache: DefinitionCache) -> None:
    whole = cache.definition(fever)
    entries(cache)[0].write_bytes(head + b"\n" + b"rest")

    assert cache.definition(fever) == whole


@pytest.mark.skipif(os.name == "nt", reason="no such permissions")
def test_a_folder_that_others_may_write_in_is_not_used(fever: Path, cache: DefinitionCache) -> None:
    assert cache.folder is not None
    cache.definition(fever)
    kept = entries(cache)
    assert cache.folder.stat().st_mode & 0o777 == 0o700
    assert kept[0].stat().st_mode & 0o777 == 0o600
    kept[0].write_bytes(b"as it was")
    cache.folder.chmod(0o777)
    cache.definition(fever)

    assert kept[0].read_bytes() == b"as it was"


def test_where_nothing_can_be_kept_definitions_are_read_all_the_same(fever: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for folder in (None, tmp_path / "file", tmp_path / "file" / "below"):
        assert DefinitionCache(folder).definition(fever) == load_definition(fever)


def test_a_name_given_from_another_folder_is_another_name(
    fever: Path, cache: DefinitionCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, name in ((fever.parent, "pathway.yaml"), (fever.parent.parent, "fever"), ("/", str(fever))):
        monkeypatch.chdir(folder)
        for _ in range(2):
            assert cache.definition(Path(name)).files == load_definition(Path(name)).files


def test_only_the_latest_are_kept(fever: Path, cache: DefinitionCache, readings: list[Path]) -> None:
    cache.definition(fever)
    assert cache.folder is not None
    for number in range(MOST_ENTRIES):
        older = cache.folder / f"{number}.kept"
        older.write_bytes(b"")
        os.utime(older, (number, number))
    another = fever.with_name("another.yaml")
    another.write_text(MAIN, "utf-8")
    cache.definition(another)

    assert len(entries(cache)) == MOST_ENTRIES
    cache.definition(fever)
    assert readings == [fever, another]
