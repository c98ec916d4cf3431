"""Everything that the store of cases has to withstand, at full length: writes `benchmarks/reliability.md`.

Run `python -m benchmarks.reliability`; with the names of some sections only those are run and written anew.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random

import apsw

from benchmarks.reliability.crowd import Crowd
from benchmarks.reliability.damage import WAL, Seen, cuts, flips, kept, seen
from benchmarks.reliability.faults import MOMENTS, every_fault
from benchmarks.reliability.killing import Killed
from benchmarks.reliability.power import FILE, Life, Outcome, born, lived, outcomes

REPORT = Path(__file__).parents[1] / "reliability.md"
ROOT = Path(__file__).parents[2]
SEED = 20_260_301
STATES = {"birth": 400, "steps": 900, "beside readers": 700, "long notes": 200}
CONTROLS = {"steps": 300, "beside readers": 300, "long notes": 50}
Section = Callable[[], tuple[list[str], bool]]


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A table in Markdown; the first column is text, the others are figures."""
    lines = [heads, ["---", *("--:" for _ in heads[1:])], *rows]
    return ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]


def program(name: str, *words: object) -> dict[str, object]:
    """What a program of this folder found, on files of the disk that holds temporary files."""
    with tempfile.TemporaryDirectory() as folder:
        called = [sys.executable, "-m", f"benchmarks.reliability.{name}", str(Path(folder, FILE))]
        told = subprocess.run(
            [*called, *(str(word) for word in words)], cwd=ROOT, stdout=subprocess.PIPE, check=True
        )
    return json.loads(told.stdout)


# --- sections -------------------------------------------------------------------------------------
def kills() -> tuple[list[str], bool]:
    found = Killed(**program("killing", 1000, SEED))  # pyright: ignore[reportArgumentType]
    heads = ("writers killed", "acknowledged", "steps kept", "conflicts told", "lost", "findings")
    row = (
        found.kills,
        found.acknowledged,
        found.steps,
        found.conflicts,
        len(found.lost),
        len(found.findings),
    )
    text = (
        "Four writers at a time record in cases of their own and in one that they share; each is killed with "
        "SIGKILL within 0.1 s of its start. It writes down an acknowledgement once the call has returned; an "
        "entry that changes nothing is no step."
    )
    return [text, "", *table(heads, [row])], not (found.lost or found.findings)


def cut_row(name: str, found: Sequence[Outcome]) -> tuple[object, ...]:
    harmed = [one for one in found if one.lost or one.damage is not None]
    return (
        name,
        len(found),
        sum(one.lost > 0 for one in found),
        max((one.lost for one in found if one.damage is None), default=0),
        sum(one.damage is not None for one in found),
        sum(not one.noticed for one in harmed),
    )


def power() -> tuple[list[str], bool]:
    def run(setting: str, work: str, count: int) -> list[Outcome]:
        if work == "birth":
            return list(outcomes(born(SEED), count, SEED))
        life: Life = lived(work, "FULL" if setting == "lying disk" else setting, SEED)
        return list(outcomes(life, count, SEED, lying=setting == "lying disk"))

    sound = {work: run("FULL", work, count) for work, count in STATES.items()}
    controls = {
        setting: [one for work, count in CONTROLS.items() for one in run(setting, work, count)]
        for setting in ("NORMAL", "OFF", "lying disk")
    }
    every = [one for found in sound.values() for one in found]
    rows = [cut_row(f"FULL, {work}", found) for work, found in sound.items()]
    rows += [cut_row("**FULL, all**", every), *(cut_row(name, found) for name, found in controls.items())]
    heads = ("setting", "states", "lose acknowledged steps", "most steps lost", "damaged", "harm unnoticed")
    text = (
        "A way to the disk of our own records every write, truncation, sync, name and deletion beneath "
        "SQLite, which works on real files with its own locks and shared memory. Then the power goes, at "
        "random moments: of what was not synced a prefix, a subset, a shuffled subset or single 512-byte "
        "sectors have arrived, names and deletions too; half of the time the shared memory holds rubbish. "
        "The store is then opened as it is by a user: the seals, chains and `PRAGMA integrity_check`, and "
        "one more case is recorded. "
        "`NORMAL`, `OFF` and a disk that lies about syncing are the controls, which have to lose; the last "
        "column counts the states whose harm a check against the head noted outside does not find."
    )
    good = all(one.lost == 0 and one.damage is None for one in every)
    lossy = all(any(one.lost for one in found) for found in controls.values())
    return [text, "", *table(heads, rows)], good and lossy and not any(row[-1] for row in rows)


def damage() -> tuple[list[str], bool]:
    main, log, small = (
        kept(3, 30, carried_over=True, seed=SEED),
        kept(2, 8, carried_over=False, seed=SEED),
        kept(1, 2, carried_over=False, seed=SEED),
    )
    runs: dict[str, Seen] = {
        "bits of the file": seen(main, FILE, flips(main, FILE, 3000, SEED)),
        "bits of SQLite's log": seen(log, WAL, flips(log, WAL, 3000, SEED)),
        "every cut of SQLite's log": seen(small, WAL, cuts(small, WAL, range(len(small.files[WAL])))),
    }
    heads = ("change", "tried", "other content", "found", "same content", "found all the same",
             "found by the noted head alone", "missed")  # fmt: skip
    rows = [
        (name, one.tried, one.changed, one.found_in_changed, one.equal, one.found_in_equal, one.only_by_head,
         len(one.missed))
        for name, one in runs.items()
    ]  # fmt: skip
    text = (
        "One bit turned over, or the log of the database cut off, then `verify` with the head that was noted "
        "outside. Content are all rows of all tables, with the definitions of tables and triggers."
    )
    return [text, "", *table(heads, rows)], not any(one.missed for one in runs.values())


def faults() -> tuple[list[str], bool]:
    rows: list[tuple[object, ...]] = []
    wrong: list[str] = []
    for moment in MOMENTS:
        found = list(every_fault(moment, Random(SEED)))
        told = [one.told for one in found if one.told is not None]
        uncertain = sum(one.there for one in found)
        wrong += [f"{one.fault}: {'; '.join(one.wrong)}" for one in found if one.wrong]
        rows.append((moment, len(found), len(told), uncertain, sum(bool(one.wrong) for one in found)))
    heads = ("while", "faults", "entry refused", "refused as not certain, and kept", "promises broken")
    text = (
        "Each write, sync, truncation, opening, reading and deletion in turn fails, once, twice or until the "
        "end: disk full, I/O error, read-only, no permission. What a failed sync was to keep is forgotten by "
        "the disk though it can still be read. Then work goes on, and the power goes four times. A promise "
        "is: a clear message, nothing acknowledged lost, nothing kept that was said not to be, the session "
        "shows what the disk has, the next entries are taken and kept."
    )
    return [text, "", *table(heads, rows), *(f"- {one}" for one in wrong)], not wrong


def crowd() -> tuple[list[str], bool]:
    found = Crowd(**program("crowd", 8, 100_000, SEED))  # pyright: ignore[reportArgumentType]
    heads = ("writers", "events", "steps", "conflicts told", "events/s", "median ms", "p99 ms", "slowest ms",
             "lost", "findings")  # fmt: skip
    row = (found.writers, found.events, found.steps, found.conflicts, round(found.events / found.seconds),
           round(found.median_ms, 1), round(found.p99_ms, 1), round(found.slowest_ms), len(found.lost),
           len(found.findings))  # fmt: skip
    text = "Eight processes, each on cases of its own and, every tenth step, on one it shares with another."
    return [text, "", *table(heads, [row])], not (found.lost or found.findings)


def life() -> tuple[list[str], bool]:
    from tests.store.reliability.life import lives

    done: Counter[str] = Counter()
    while done.total() - done["conflict"] < 10_000:
        done += lives(40, 60, derandomize=False)
    rows = [(f"**{done.total() - done['conflict']}**", *done.values())]
    text = (
        "A state machine (hypothesis) draws what befalls a case at two terminals on one store, and holds it "
        "against a case in memory: same events, same views, same refusals, after every step. It stops at the "
        "first difference."
    )
    return [text, "", *table(("steps", *done), rows)], True


SECTIONS: dict[str, Section] = {
    "kills": kills,
    "power": power,
    "faults": faults,
    "life": life,
    "damage": damage,
    "crowd": crowd,
}
TITLES = {
    "kills": "Writers killed",
    "power": "The power goes",
    "faults": "The disk fails",
    "life": "The life of cases",
    "damage": "Bits turned over, logs cut",
    "crowd": "Many writers",
}


def introduction() -> list[str]:
    system = f"{platform.system()}, {platform.machine()}, {os.cpu_count()} processors"
    programs = f"Python {platform.python_version()}, SQLite {apsw.sqlitelibversion()}"
    return [
        "# What the store of cases withstands",
        "",
        "`python -m benchmarks.reliability` writes this page. Short versions of everything run with the",
        f"tests (`tests/store/reliability`). Seed {SEED}; each section was run once, on a shared virtual",
        f"machine busy with other work: {system}, {programs}.",
        "",
    ]


LIMITS = """## What this does not show

The disks are imagined: no plug was pulled, and sectors are written whole or not at all. Network file systems
and other systems than Linux were not tried. A disk that lies about syncing loses steps whatever a program
does; here the noted head tells, if that one was kept. An entry is refused as *not certain* where the disk
fails for so long that the store cannot look again whether it was kept."""


def written_before() -> dict[str, str]:
    """The sections of the page by title, as they were written last."""
    text = REPORT.read_text("utf-8") if REPORT.exists() else ""
    sections = (part.partition("\n") for part in text.split("\n## ")[1:])
    return {title: rest.strip() for title, _, rest in sections}


def write(title: str, lines: Sequence[str]) -> None:
    """One section of the page anew, the others as they are."""
    sections = {**written_before(), title: "\n".join(lines)}
    parts = [f"## {title}\n\n{sections[title]}\n" for title in TITLES.values() if title in sections]
    REPORT.write_text("\n".join([*introduction(), *parts, LIMITS, ""]), "utf-8")


def main(arguments: list[str]) -> int:
    """Run the sections, and write them; 1 where a promise was broken."""
    sound = True
    for name in arguments or SECTIONS:
        begun = time.monotonic()
        found, good = SECTIONS[name]()
        sound = sound and good
        lines = [*found, "", f"{(time.monotonic() - begun) / 60:.1f} min."]
        print("\n".join([name, *lines]), flush=True)
        write(TITLES[name], lines)
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
