"""Files made to bring a reader down: deep, long, without end once unpacked, or slow to be explained."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from tests.fuzzing.readers import ROWS, XES, played
from tests.language.guard_strategies import LAB
from tests.logs.foreign.conftest import COLUMNS, WARD_MAP, csv_text

Files = Iterator[tuple[str, bytes]]
CASE = "pathway: sepsis-first-hours\ntimeline:\n- "
AT = "at: 2026-03-01T08:00"
HEAD = (",".join(COLUMNS) + "\n").encode()
GOOD = csv_text(ROWS).encode().removeprefix(HEAD.replace(b"\n", b"\r\n"))


def much_yaml(size: int) -> Files:
    """What no YAML file should do to its reader."""
    for sign in (
        "[",
        "{",
        "- ",
        "? ",
        "{a: ",
        "[[], ",
        "a: {",
        '"',
        "'",
        "&a ",
        "!a ",
        "\t",
        " ",
        "#",
        "\n",
        "|\n",
        "\\",
    ):
        yield f"a megabyte of {sign!r}", (sign * (size // len(sign))).encode()
    yield "a bomb of aliases", ("a0: &a0 [x]\n" + "".join(
        f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(20))).encode()  # fmt: skip
    yield "many anchors", "".join(f"a{n}: &a{n} x\n" for n in range(size // 17)).encode()
    yield "many keys in one line", ("{" + ", ".join(f"k{n}: v" for n in range(size // 17)) + "}").encode()
    yield "many commas in braces", ("{" + ", ".join(f"a{n}" for n in range(size // 17)) + "}").encode()
    yield "one key many times", b"a: 1\n" * (size // 7)
    yield "a long key", b"? " + b"k" * size + b"\n: v\n"
    yield "long escapes", b'a: "' + b"\\U0001F600" * (size // 11) + b'"'
    yield "ends in the middle of a letter", "a: é".encode()[:-1]


def much_definition(size: int) -> Files:
    lab = LAB.encode()
    facts = "".join(f"  fact_{n}: {{type: boolean}}\n" for n in range(size // 260))
    wrong = "".join(f"  wrong_{n}: {{type: boolean, formula: fact_x{n}}}\n" for n in range(size // 260))
    yield (
        "many unknown names among many known",
        LAB.replace("facts:\n", f"facts:\n{facts}{wrong}", 1).encode(),
    )
    chain = "".join(f"  c{n + 1}: {{type: boolean, formula: c{n} or c{n} }}\n" for n in range(size // 350))
    yield (
        "a long chain of formulas",
        LAB.replace("facts:\n", f"facts:\n  c0: {{type: boolean}}\n{chain}", 1).encode(),
    )
    ring = "".join(
        f"  c{n}: {{type: boolean, formula: c{(n + 1) % (size // 350)}}}\n" for n in range(size // 350)
    )
    yield "a ring of formulas", LAB.replace("facts:\n", f"facts:\n{ring}", 1).encode()
    for word in ("9" * 5000, "1e999999999", "0." + "0" * 4000 + "1", "-" * 5000, ". " * 5000):
        yield f"a range to {word[:12]}", lab.replace(b"3000]", word.encode() + b"]", 1)
        yield f"a value of {word[:12]}", lab.replace(b"73 %", word.encode() + b" %", 1)
    for unit in (
        "m" * 60_000,
        "10*" + "9" * 4000,
        "(" * 5000,
        "g." * 20_000 + "g",
        "g" + "1" * 4000,
        "g" + "9" * 30,
        "kg" * 9999,
    ):
        yield f"a unit of {unit[:12]}", lab.replace(b"unit: mg/dL", f'unit: "{unit}"'.encode(), 1)
    keys = "".join(f"      k{n}: x\n" for n in range(size // 52))
    name = "safeguards: {g: {action: time since, when: fever, effect: block, text: x}}"
    yield "one wrong name where a list may stand", f"{LAB}\n{name}\n".encode()
    yield "many unknown keys", f"{LAB}\n  more:\n{keys}".encode()
    yield (
        "includes of odd names",
        b"include: ['../x', '/etc/passwd', '" + b"a/" * 4000 + b"', 'C:\\x', '~', '.', 'x\\0y']\n" + lab,
    )


def much_guard(size: int) -> Files:
    for part in (
        "(",
        "not ",
        "kps + ",
        "a and ",
        "- ",
        "min(",
        "kps < 7 and ",
        "suspected or (",
        "kps is one of (",
        "1.",
        '"',
        "'",
        "T",
        "9",
        " ",
    ):
        for most in (7900, size):
            yield f"{most} of {part!r}", (part * (most // len(part))).encode()
    yield "a number of many digits", b"kps < " + b"9" * 5000
    yield "an exponent", b"kps < 1e999999999"
    yield "powers of a unit", b"platelets < 1 10*" + b"9" * 3000 + b"/L"
    yield "a product of many numbers", b"kps < " + b" * ".join([b"9" * 30] * 50)


def much_case(size: int) -> Files:
    for sign in ("T", "2", "-", "T1.", "9:", " ", ".", "2026-03-01T", "+"):
        text = sign * ((size - 2000) // len(sign))
        yield f"a time of {sign!r}", f"{CASE}{{at: '{text}'}}\n".encode()
        yield f"a fact of {sign!r}", f"{CASE}{{{AT}, facts: {{lactic_acid: 'x{text}x'}}}}\n".encode()
        yield f"a zone of {sign!r}", f"timezone: 'x{text}'\n{CASE}{{{AT}}}\n".encode()
        yield f"a name of {sign!r}", f"{CASE}{{{AT}, facts: {{'{text}': 1}}}}\n".encode()
    yield "many entries", (CASE[:-2] + f"- {{{AT}, note: x}}\n" * (size // 52)).encode()
    names = ", ".join(f"fact_{n}: 1" for n in range(size // 52))
    yield "many unknown facts", f"{CASE}{{{AT}, facts: {{{names}}}}}\n".encode()
    yield "many deeds", f"{CASE}{{{AT}, done: [{', '.join(f'd{n}' for n in range(size // 52))}]}}\n".encode()
    yield "years to wait", f"{CASE}{{at: 1800-01-01T08:00}}\n- {{at: 2299-12-31T08:00}}\n".encode()


def much_vignette(size: int) -> Files:
    for key in ("states", "facts", "doses", "due", "schedule", "waiting", "taken"):
        names = ", ".join(f"name_{n}: {'9' * 50}" for n in range(size // 105))
        yield f"many unknown {key}", f"{CASE}{{{AT}, expect: {{{key}: {{{names}}}}}}}\n".encode()
    yield (
        "a long amount",
        f"{CASE}{{{AT}, expect: {{facts: {{age_years: '{'1' * (size - 200)}/3'}}}}}}\n".encode(),
    )


def much_mapping(size: int) -> Files:
    ward = WARD_MAP.read_bytes()
    yield (
        "many activities",
        ward + b"".join(b"  c%d: {fact: crp, unit: mg/dL, on: [x%d]}\n" % (n, n) for n in range(size // 130)),
    )
    for factor in (b"9" * 5000, b"1e999999999", b"0." + b"0" * 5000 + b"1", b"-1", b"NaN"):
        yield f"a factor of {factor[:9]!r}", ward.replace(b'"0.25"', b'"' + factor + b'"')
    for form in (b"%Y" * 9999, b"%" * 99_999, b"%Y%m%d" + b"x" * 99_999, b"%Y%m%d%H%M%S%f%z%I%p"):
        yield f"a format of {form[:9]!r}", ward.replace(b"timezone:", b"format: '" + form + b"', timezone:")


def much_log(size: int) -> Files:
    first = played()[0]
    header, event = first.splitlines(keepends=True)[:2]
    for sign in (b"[", b'{"a":', b"9", b'"', b"\\u0000", b" ", b"-", b"1e9,"):
        yield f"a line of {sign!r}", header + sign * (size // len(sign) - 1) + b"\n"
        yield f"a header of {sign!r}", sign * (size // len(sign) - 1) + b"\n"
        yield f"a batch of {sign!r}", header + event.replace(b'"batch":1', b'"batch":' + sign * 9000)
    yield "no line end", header + b"x" * (2 * size)
    yield "many keys", header + b"{" + b",".join(b'"k%d":1' % n for n in range(size // 17)) + b"}\n"


def much_csv(size: int) -> Files:
    for line in (
        b"a\n",
        b"\n",
        b",\n",
        b",,,,,,,,,,\n",
        b'"\n',
        b'A,"\n',
        b"A,Arrival,x,,,,,,,,\n",
        b"\r",
        b"\x00\n",
    ):
        yield f"a megabyte of {line!r}", HEAD + line * (size // len(line))
    yield "many columns", b",".join(b"c%d" % n for n in range(size // 10)) + b"\n"
    yield "one column many times", HEAD[:-1] + b",patient" * (size // 10) + b"\n"
    for cell in (b"1 " * (size // 18), b"T1." * (size // 27), b"9" * (size // 9), b"." * (size // 9)):
        yield (
            f"a number of {cell[:9]!r}",
            HEAD + b"A,Culture,2026-03-01T08:00,,,1" + cell + b"x,1" + cell + b"x,,1" + cell + b"x,,\n",
        )
        yield f"a time of {cell[:9]!r}", HEAD + b"A,Culture,2" + cell + b",,,,,,,,1" + cell + b"\n"
        yield (
            f"members of {cell[:9]!r}",
            HEAD + b"A,Culture,2026-03-01T08:00,,,,,,," + cell.replace(b" ", b"+") + b",\n",
        )


def much_packed(size: int) -> Files:
    """Files of some kilobytes that unpack to many megabytes."""
    for name, line in (
        ("zeros", b"\x00"),
        ("empty lines", b"\n"),
        ("short lines", b"a\n"),
        ("rows", GOOD),
        ("quotes", b'A,"\n'),
    ):
        block = gzip.compress(HEAD + line * (size // len(line)), 9)
        yield f"{name}, packed many times over", block * 4
    yield "nothing packed", gzip.compress(b"")


def much_xes(size: int) -> Files:
    lol = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    yield "entities without end", f'<!DOCTYPE log [<!ENTITY a0 "lol">{lol}]><log>&a9;</log>'.encode()
    yield "a file of the machine", b'<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/passwd">]><log>&a;</log>'
    for sign in (
        b"<log>",
        b"<a>",
        b"<log><trace>" + b"<event>",
        b"<trace>",
        b"<event/>",
        b'<string key="a" value="b"/>',
        b"<!-- ",
        b"<![CDATA[",
        b"&amp;",
        b"&#38;",
    ):
        yield f"a megabyte of {sign!r}", b"<log>" + sign * (size // len(sign))
    yield "a long attribute", b'<log><trace><string key="patient" value="' + b"x" * (9 * size)
    attributes = b" ".join(b'a%d="x"' % n for n in range(size // 17))
    yield "many attributes", b"<log " + attributes + b"/>"
    yield "many namespaces", b"<log " + attributes.replace(b"a", b"xmlns:a") + b"/>"
    yield "UTF-16", XES.decode().encode("utf-16")
    yield "an unknown encoding", b'<?xml version="1.0" encoding="x-none"?>' + XES


def much_parquet(size: int) -> Files:
    import pyarrow as pa

    many, some = 200_000, size // 26
    ones = pa.array(["x"]).take(pa.array([0] * 1000, pa.int32()))
    plain = {name: ones for name in COLUMNS}
    yield "rows without end", _table({**plain, "what": pa.nulls(1000, pa.string())}, many // 1000)
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 1000, pa.int32()), pa.array(["x" * size]))
    yield "a long text in every row", _table({**plain, "who": long}, max(1, some // 1000))
    bare = pa.array(["x" * size] * 30)
    few = {name: pa.array(["x"] * 200) for name in COLUMNS}
    yield (
        "long texts that pack well",
        _table({**dict.fromkeys(few, ones[:30]), "who": bare}, 2, use_dictionary=False, compression="zstd"),
    )
    deep: Any = pa.list_(pa.string())
    for _ in range(60):
        deep = pa.list_(deep)
    yield "lists in lists", _table({**few, "germs": pa.nulls(200, deep)}, 1)
    yield "lists of bytes", _table({**few, "germs": pa.array([[b"\xff"]] * 200)}, 1)
    yield (
        "another column with lists of times",
        _table({**few, "odd": pa.array([[0]] * 200, pa.list_(pa.timestamp("ns")))}, 1),
    )
    yield "half a mark", b"PAR1" + b"\x00" * 8 + b"PAR1"
    yield "a huge footer", b"PAR1" + b"\x00" * 40 + b"\xff\xff\xff\x7fPAR1"


def _table(columns: dict[str, Any], times: int, **how: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    out, table = pa.BufferOutputStream(), pa.table(columns)
    with parquet.ParquetWriter(out, table.schema, **how) as writer:
        writer.write_table(pa.concat_tables([table] * times), row_group_size=times * len(table))
    content: bytes = out.getvalue().to_pybytes()
    return content


Worst = Callable[[int], Files]
WORST: dict[str, tuple[Worst, ...]] = {
    "yaml": (much_yaml,),
    "definition": (much_yaml, much_definition),
    "guard": (much_guard,),
    "timeline": (much_yaml, much_case),
    "vignette": (much_case, much_vignette),
    "mapping": (much_yaml, much_mapping),
    "log": (much_log,),
    "own csv": (much_csv,),
    "own xes": (much_xes,),
    "own parquet": (much_parquet,),
    "csv": (much_csv,),
    "csv packed": (much_packed,),
    "xes": (much_xes,),
    "parquet": (much_parquet,),
}


@cache
def worst_of(reader: str, size: int) -> dict[str, bytes]:
    """The files made for a reader, most of about so many bytes, by what is special about them."""
    return {name: content for kind in WORST.get(reader, ()) for name, content in kind(size)}
