"""Every reader of files from outside: good files to damage, and how it is called."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from shutil import copytree

from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.engine.playing import play_timeline, step_timeline
from pathway.engine.timeline import read_timeline
from pathway.language.ask import asked, spoken
from pathway.language.definition import Definition
from pathway.language.load import definition_from_text, load_definition
from pathway.language.source import read_content
from pathway.logs.chain import Header, log_lines
from pathway.logs.foreign.mapping import LogMapping, pathway_of_mapping, read_mapping
from pathway.logs.foreign.own import read_own, write_own
from pathway.logs.foreign.reading import read_foreign
from pathway.logs.foreign.replaying import replay_foreign
from pathway.logs.jsonl import read_log
from pathway.logs.problems import LogError
from pathway.logs.wire import canonical
from pathway.replay.conformance import conformance
from pathway.vignettes.reading import read_vignette
from tests.fuzzing.damage import WORDS, damaged
from tests.language.guard_strategies import LAB
from tests.logs.conftest import EVENTS, HEADER
from tests.logs.foreign.conftest import WARD, WARD_MAP, csv_text, row, ward_compiled, ward_definition

SEPSIS = Path(__file__).parents[2] / "definitions" / "sepsis_first_hours"
EIGHT, NINE = "2026-03-01T08:00:00", "2026-03-01T09:00:00"
Damage = Callable[[bytes, Random], bytes]


@dataclass(frozen=True)
class Reader:
    """`read` takes the path of a file called `name` in an empty folder that `prepare` filled."""

    name: str
    seeds: Callable[[], Sequence[bytes]]
    read: Callable[[Path], object]
    damage: Damage = damaged
    prepare: Callable[[Path], object] = lambda folder: None


# --- what they read against -------------------------------------------------------------------------
@cache
def sepsis() -> Definition:
    return load_definition(SEPSIS)


@cache
def compiled_sepsis() -> CompiledPathway:
    return compile_pathway(sepsis(), frozenset())


@cache
def lab() -> Definition:
    return definition_from_text(LAB)


@cache
def ward_mapping() -> LogMapping:
    return read_mapping(WARD_MAP, ward_definition())


# --- definitions, guards, cases ---------------------------------------------------------------------
def definitions() -> list[bytes]:
    zeta = Path(__file__).parents[1] / "diagrams" / "zeta.yaml"
    parts = [path.read_bytes() for path in sorted(SEPSIS.glob("*.yaml")) if path.name != "sepsis_map.yaml"]
    return [LAB.encode(), WARD.read_bytes(), zeta.read_bytes(), *parts]


def beside_its_includes(folder: Path) -> None:
    copytree(SEPSIS, folder, dirs_exist_ok=True)


def guards() -> list[bytes]:
    found: list[bytes] = []
    for seed in definitions():
        found += re.findall(rb"(?:when|formula|never|always|until): \"?([^\n\"}]+)", seed)
    return found


def read_guard(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    for definition in (lab(), sepsis()):
        spoken(definition, asked(definition, text))


def cases() -> list[bytes]:
    return [path.read_bytes() for path in sorted(SEPSIS.glob("cases/*.yaml"))]


def read_case(path: Path) -> None:
    for _ in play_timeline(compiled_sepsis(), read_timeline(path)):
        pass


# --- our own logs -----------------------------------------------------------------------------------
@cache
def played() -> tuple[bytes, ...]:
    """Logs of cases that were stepped, and one with every kind of event."""
    logs = [b"".join(log_lines(HEADER, EVENTS))]
    definition = sepsis()
    header = Header(pathway=definition.id, version=definition.version, digest=definition.digest, case="A")
    for name in ("both_in_time", "one_second_late"):
        *_, last = step_timeline(compiled_sepsis(), read_timeline(SEPSIS / "cases" / f"{name}.yaml"))
        logs.append(b"".join(log_lines(header, last.case.events)))
    return tuple(logs)


def read_jsonl(path: Path) -> None:
    log = read_log(path, repair=True)
    conformance(log, compiled_sepsis())
    read_log(path)


def resealed(content: bytes, chance: Random) -> bytes:
    """A log with other values in it, whose chain was made anew by somebody who knows how."""
    if chance.random() < 0.3:
        return damaged(content, chance)
    lines = [json.loads(line) for line in content.splitlines()]
    for _ in range(chance.choice((1, 1, 3))):
        line = chance.choice(lines)
        key = chance.choice(sorted(line))
        line[key] = _other(line.get(key), chance)
        if chance.random() < 0.1:
            lines.insert(chance.randrange(len(lines)), dict(chance.choice(lines)))
    return _chained(lines)


def _other(value: object, chance: Random) -> object:
    word = chance.choice(WORDS).decode("utf-8", "replace")
    numbers = (0, -1, 1 << 62, 1 << 63, 1 << 70, int("9" * 4000), True, None)
    others: tuple[object, ...] = (word, [word, word], [value], {"a": value}, [], *numbers)
    return chance.choice(others)


def _chained(lines: list[dict[str, object]]) -> bytes:
    whole, head = b"", ""
    for number, line in enumerate(lines):
        bare = {key: value for key, value in line.items() if key not in ("hash", "prev")}
        if number:
            bare["prev"] = head
        with suppress(LogError):
            head = hashlib.sha256(head.encode("ascii") + canonical(bare)).hexdigest()
            whole += canonical({**bare, "hash": head}) + b"\n"
    return whole


def own(ending: str) -> Callable[[], list[bytes]]:
    @cache
    def seeds() -> list[bytes]:
        from tempfile import TemporaryDirectory

        with TemporaryDirectory() as folder:
            path = Path(folder) / f"own.{ending}"
            write_own(path, [(HEADER, EVENTS)])
            return [path.read_bytes()]

    return seeds


def read_own_file(path: Path) -> None:
    for _ in read_own(path):
        pass


# --- logs of other programs -------------------------------------------------------------------------
ROWS = [row("A", "Arrival", EIGHT, born="1980-02-29"), row("A", "Culture", NINE, temp="101.3", germs="E+S"),
        row("B", "Measured", EIGHT, crp="12.5", gluc="99", ca="none", phase="complete", who="J")]  # fmt: skip
XES = b"""<log><trace><string key="patient" value="A"/><event><string key="what" value="Arrival"/>
<date key="when" value="2026-03-01T08:00:00"/></event></trace><trace><string key="patient" value="B"/><event>
<string key="what" value="Culture"/><date key="when" value="2026-03-01T08:00:00.000+01:00"/>
<float key="crp" value="2.5"/></event></trace></log>"""


def csv_seeds() -> list[bytes]:
    return [csv_text(ROWS).encode()]


def xes_seeds() -> list[bytes]:
    return [XES]


@cache
def parquet_seeds() -> list[bytes]:
    """A log as texts, and one with every column of another type."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    heads, *rows = [line.split(",") for line in csv_text(ROWS).splitlines()]
    texts = dict(zip(heads, (list(column) for column in zip(*rows, strict=True)), strict=True))
    typed = {
        "when": pa.array([1, 2**62, -(2**62)], pa.timestamp("ns")),
        "crp": pa.array([1.5, float("nan"), 1e308]),
        "gluc": pa.array([2**63, 1, None], pa.uint64()),
        "ca": pa.array(["1.5", "2", "3"]).cast(pa.decimal128(38, 10)),
        "born": pa.array([0, 2**31 - 1, -(2**31)], pa.int32()).cast(pa.date32()),
        "germs": pa.array([["E"], ["S", None], None]),
        "who": pa.array([None, None, None], pa.null()),
        "temp": pa.array([1.5, 2, None], pa.float16()),
        "phase": pa.array(["complete", "", "x"]).dictionary_encode(),
    }
    found: list[bytes] = []
    for columns in (texts, {**texts, **typed}):
        out = pa.BufferOutputStream()
        parquet.write_table(pa.table(columns), out)
        found.append(out.getvalue().to_pybytes())
    return found


def read_other(path: Path) -> None:
    for case in read_foreign(path, ward_mapping()).cases:
        replay_foreign(case, ward_compiled())


def packed(content: bytes, chance: Random) -> bytes:
    """Damaged before or after it was packed."""
    if chance.random() < 0.5:
        return gzip.compress(damaged(content, chance), 1)
    return damaged(gzip.compress(content, 1), chance)


def mappings() -> list[bytes]:
    return [WARD_MAP.read_bytes(), (SEPSIS / "sepsis_map.yaml").read_bytes()]


def read_map(path: Path) -> None:
    """A mapping that is taken reads a log, too."""
    pathway_of_mapping(path)
    mapping = read_mapping(path, ward_definition())
    log = path.with_name("log.csv")
    log.write_bytes(csv_seeds()[0])
    read_foreign(log, mapping)


READERS = {
    "yaml": Reader("part.yaml", definitions, lambda path: read_content(path.read_bytes(), path.name)),
    "definition": Reader("pathway.yaml", definitions, load_definition, prepare=beside_its_includes),
    "guard": Reader("guard.txt", guards, read_guard),
    "timeline": Reader("case.yaml", cases, read_case),
    "vignette": Reader("case.yaml", cases, lambda path: read_vignette(path, sepsis())),
    "mapping": Reader("map.yaml", mappings, read_map),
    "log": Reader("case.jsonl", lambda: list(played()), read_jsonl, damage=resealed),
    "own csv": Reader("own.csv", own("csv"), read_own_file),
    "own xes": Reader("own.xes", own("xes"), read_own_file),
    "own parquet": Reader("own.parquet", own("parquet"), read_own_file),
    "csv": Reader("log.csv", csv_seeds, read_other),
    "csv packed": Reader("log.csv.gz", csv_seeds, read_other, damage=packed),
    "xes": Reader("log.xes", xes_seeds, read_other),
    "xes packed": Reader("log.xes.gz", xes_seeds, read_other, damage=packed),
    "parquet": Reader("log.parquet", parquet_seeds, read_other),
}
