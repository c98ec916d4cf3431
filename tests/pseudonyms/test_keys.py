"""The key of pseudonyms: who may have it, what makes it strong, and names that stay the same under it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pathway.pseudonyms.key import Key, KeyFileError, read_key, write_key

SECRET = b"0123456789abcdef0123456789abcdef"
RANDOM = bytes(range(7, 39))


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "key"
    file.write_bytes(SECRET)
    file.chmod(0o600)
    return file


def test_a_case_and_a_person_keep_their_pseudonyms_for_years() -> None:
    """Checked against another program: printf 'case\\0MRN-7741' | openssl dgst -sha256 -hmac KEY."""
    assert Key(SECRET).case("MRN-7741") == "case-58f9f2aa48ed18ec"
    assert Key(SECRET).case("MRN-7742") != Key(SECRET).case("MRN-7741") != Key(RANDOM).case("MRN-7741")


def test_a_person_who_is_a_case_too_is_not_told_by_it() -> None:
    key = Key(SECRET)
    digits = {name.partition("-")[2] for name in (key.case("jo"), key.person("jo"), key.text("jo"))}
    assert len(digits) == 3


def test_a_new_key_is_its_owners_alone_and_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "new"
    write_key(file, RANDOM)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_key(file) == Key(RANDOM.hex().encode())
    with pytest.raises(KeyFileError, match="A key is never replaced"):
        write_key(file, RANDOM)


def test_a_line_end_that_an_editor_adds_changes_no_pseudonym(key_file: Path) -> None:
    before = read_key(key_file)
    key_file.write_bytes(SECRET + b"\r\n")
    assert read_key(key_file) == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602])
def test_a_key_that_others_may_read_or_change_is_refused(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(KeyFileError, match=r"others may read this key.*chmod 600"):
        read_key(key_file)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the key has 0 bytes"),
        (SECRET[:31], "the key has 31 bytes"),
        (SECRET[:31] + b"\n", "the key has 31 bytes"),
        (bytes(64), "few different bytes"),
        (SECRET * 200, "at most 4096 bytes"),
    ],
)
def test_a_key_that_can_be_guessed_is_refused(key_file: Path, content: bytes, why: str) -> None:
    key_file.write_bytes(content)
    with pytest.raises(KeyFileError, match=why):
        read_key(key_file)


def test_a_key_beside_the_cases_is_refused_by_whatever_name(key_file: Path, tmp_path: Path) -> None:
    store, outside = tmp_path / "store", tmp_path / "link"
    store.mkdir()
    inside = key_file.rename(store / "key")
    outside.symlink_to(inside)
    for file in (inside, outside, store / ".." / "store" / "key"):
        for cases in (store, store / "cases.sqlite"):
            with pytest.raises(KeyFileError, match="kept with the cases"):
                read_key(file, cases)
    assert read_key(inside, tmp_path / "cases.sqlite")
    with pytest.raises(KeyFileError, match="kept with the cases"):
        write_key(store / "new", RANDOM, store)
    assert not (store / "new").exists()


def test_what_is_no_key_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match=r"there is no such file.*pathway cases key FILE"):
        read_key(tmp_path / "nowhere")
    with pytest.raises(KeyFileError, match="this is no file"):
        read_key(tmp_path)


def test_the_secret_stands_in_no_message() -> None:
    assert SECRET.decode() not in repr(Key(SECRET))
