"""How a good file is damaged: by chance bytes, by what people and programs do to files, and with intent."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

LONGEST = 1 << 20  # bytes: what a small file may grow to

# What readers of texts, numbers, times, YAML, JSON, XML and CSV have tripped over.
WORDS: tuple[bytes, ...] = (
    b"", b" ", b"\n", b"\r", b"\r\n", b"\t", b"\x00", b"\x1b[2J", b"\x7f", b"\xff", b"\xfe\xff",
    b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xe2\x80\x8b",
    "\u0663".encode(), "²".encode(), b"0", b"-0", b"-1", b"1e999999999", b"1E-999999999", b"0.1e+5",
    b"1" * 5000, b"0." + b"9" * 5000, b"1/3", b"1/0", b"1_000", b"0x10", b"0o17", b"+1", b".5", b"5.",
    b"1,5", b"NaN", b".nan", b"Infinity", b"-.inf", b"null", b"~", b"true", b"no", b"unknown",
    b"9" * 30 + b" d", b"1" + b"0" * 29 + b" wk", b"1e9 h", b"4 h", b"0 s", b"-1 d", b"99 mg/kg", b"10*9/L",
    b"10*99999/L", b"m" * 60, b"(((m)))", b"%" * 40, b"2026-02-30", b"0000-00-00", b"9999-12-31T23:59:59Z",
    b"2026-03-29T02:30", b"2026-10-25T02:30", b"2026-03-01T08:00:00.5", b"2026-03-01 08:00",
    b"2026-03-01T08:00+99:99", b"T" * 300, b"2" * 300 + b"-", b"Europe/Berlin", b"../../etc/passwd",
    b"/etc/passwd", b"..", b".", b"C:\\x", b"\\\\host\\x", b"file:///etc/passwd", b"a/" * 3000, b"x" * 300,
    b"&a", b"*a", b"&a [*a]", b"<<: *a", b"!!python/object:os.system x", b"!x", b"%YAML 9.9", b"---",
    b"...", b"? ", b"- " * 70, b"[" * 70, b"{" * 70, b"]" * 70, b"{a: " * 70, b"|", b">", b"|9", b"'", b'"',
    b"'''", b"`", b"@", b"#", b": ", b":", b"\\u0000", b'"\\ud800"', b'"\\x1b"', b'"\\U00110000"', b",",
    b";", b"=1+1", b"(", b")" * 70, b"not " * 70, b"a + " * 70, b"and", b"or", b"between 1 and 2",
    b"is one of (", b"time since", b"min(", b"=", b"<",
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", b"&b;", b"&#0;", b"&#xD800;", b"&#x1b;",
    b"<![CDATA[", b"<?xml version='1.0' encoding='utf-16'?>", b"<?xml version='1.0' encoding='no-such'?>",
    b"<a " * 70, b"</log>", b"<trace>", b"<event>", b'<string key="a" value="b"/>', b"<!--", b"[1]",
    b'{"a":1}', b"1" * 400 + b".0",
)  # fmt: skip
BIG = (
    b"x",
    b" ",
    b"\n",
    b"\t",
    b"[",
    b"{",
    b"(",
    b"- ",
    b"a: ",
    b"0",
    b"1 ",
    b"T",
    b".",
    b"-",
    b'"',
    b",",
    b"a\n",
    b"'",
)


def _somewhere(content: bytes, chance: Random) -> int:
    return chance.randrange(len(content) + 1)


def _put(content: bytes, chance: Random) -> bytes:
    at = _somewhere(content, chance)
    return content[:at] + chance.choice(WORDS) + content[at:]


def _replaced(content: bytes, chance: Random) -> bytes:
    """A word or a value gives way to another."""
    found = list(re.finditer(rb"[A-Za-z0-9_.:+-]+|\"[^\"\n]*\"|'[^'\n]*'", content[:200_000]))
    if not found:
        return _put(content, chance)
    one = chance.choice(found)
    word = chance.choice(WORDS) if chance.random() < 0.8 else chance.choice(found)[0]
    return content[: one.start()] + word + content[one.end() :]


def _quoted(content: bytes, chance: Random) -> bytes:
    """A value gives way to a quoted one, as YAML and JSON write it."""
    found = list(re.finditer(rb"(?<=: )[^\n,{}\[\]]+", content[:200_000]))
    if not found:
        return _replaced(content, chance)
    one = chance.choice(found)
    word = chance.choice(WORDS) * chance.choice((1, 1, 1, 20))
    return content[: one.start()] + b"'" + word.replace(b"'", b"''") + b"'" + content[one.end() :]


def _without(content: bytes, chance: Random) -> bytes:
    at = _somewhere(content, chance)
    return content[:at] + content[at + chance.choice((1, 2, 10, 200)) :]


def _doubled(content: bytes, chance: Random) -> bytes:
    at, long = _somewhere(content, chance), chance.choice((1, 5, 40, 400))
    times = chance.choice((1, 2, 70, 3000))
    return content[:at] + content[at : at + long] * times + content[at:]


def _flipped(content: bytes, chance: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 30))):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(content: bytes, chance: Random) -> bytes:
    return content[: _somewhere(content, chance)]


def _swapped(content: bytes, chance: Random) -> bytes:
    """Two lines change places, or one is indented otherwise."""
    lines = content.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    lines[one] = b" " * chance.choice((0, 0, 1, 2, 9)) + lines[one]
    return b"\n".join(lines)


def _grown(content: bytes, chance: Random) -> bytes:
    at = _somewhere(content, chance)
    return content[:at] + chance.choice(BIG) * chance.choice((300, 5000, 200_000)) + content[at:]


def _recoded(content: bytes, chance: Random) -> bytes:
    """Saved by another program: other line ends, another encoding, a mark in front."""
    ways: tuple[Callable[[bytes], bytes], ...] = (
        lambda text: text.replace(b"\n", b"\r"),
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.decode("utf-8", "replace").encode("utf-16"),
        lambda text: text.decode("utf-8", "replace").encode("utf-16-le"),
        lambda text: text.decode("utf-8", "replace").encode("utf-32"),
        lambda text: text.decode("utf-8", "replace").encode("latin-1", "replace"),
        lambda text: text.replace(b" ", b"\xc2\xa0"),
    )
    return chance.choice(ways)(content)


def _noise(content: bytes, chance: Random) -> bytes:
    return chance.randbytes(chance.choice((0, 1, 8, 100, 3000)))


WAYS = (
    _put, _put, _replaced, _replaced, _quoted, _quoted, _without, _doubled, _flipped, _cut, _swapped, _grown,
    _recoded,
)  # fmt: skip


def damaged(content: bytes, chance: Random) -> bytes:
    """The content after one to four mishaps, or nothing of it but noise."""
    if chance.random() < 0.02:
        return _noise(content, chance)
    for _ in range(chance.choice((1, 1, 2, 4))):
        content = chance.choice(WAYS)(content, chance)[:LONGEST]
    return content
