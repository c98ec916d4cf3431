"""The whole document of a pathway: what stands in it, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pathway.document.actions import actions_chapter
from pathway.document.content import Chapter, Column, Document, LayerMark, Line, Picture, Row, Table
from pathway.document.facts import facts_chapter
from pathway.document.reading import Reading, code, line, mark, quiet, strong
from pathway.document.rules import SAFETY, claims_chapter, notices_chapter, safeguards_chapter
from pathway.document.sources import Citations, problems_chapter, set_aside_chapter, sources_chapter
from pathway.document.tracks import tracks_chapter
from pathway.language import written
from pathway.language.definition import Definition


@dataclass(frozen=True, slots=True)
class Notes:
    """Texts too long for a chart, under the numbers by which the charts refer to them."""

    title: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Charts:
    """The flowcharts of a pathway: an overview, one for each track, and what they refer to."""

    overview: tuple[Picture, ...] = ()
    of_tracks: Mapping[str, tuple[Picture, ...]] = field(default_factory=dict[str, tuple[Picture, ...]])
    notes: tuple[Notes, ...] = ()


NO_CHARTS = Charts()


def document_of(
    definition: Definition,
    spoken: written.Pathway,
    charts: Charts = NO_CHARTS,
    set_aside: Mapping[str, str] | None = None,
) -> Document:
    """The document of a checked definition and of the very model it was checked from.

    `set_aside` gives, for each statement that the pathway leaves out on purpose, the reason.
    """
    reading = Reading(definition, spoken)
    return Document(
        id=definition.id,
        version=definition.version,
        digest=definition.digest,
        title=definition.title,
        status=definition.status,
        stamp=definition.stamp,
        review=definition.review,
        disclaimer=definition.disclaimer,
        layers=tuple(
            LayerMark(name, title, reading.layer_places[name]) for name, title in definition.layers.items()
        ),
        chapters=tuple(_chapters(reading, charts, set_aside or {})),
    )


def _chapters(reading: Reading, charts: Charts, set_aside: Mapping[str, str]) -> list[Chapter]:
    citations = Citations(reading)
    chapters = [
        _how_to_read(reading),
        tracks_chapter(reading, charts.overview, charts.of_tracks),
        _notes(charts.notes),
        actions_chapter(reading),
        safeguards_chapter(reading),
        notices_chapter(reading),
        facts_chapter(reading),
        claims_chapter(reading),
        problems_chapter(reading, citations),
        sources_chapter(reading, citations, set_aside),
        set_aside_chapter(reading.definition, set_aside),
    ]
    return [chapter for chapter in chapters if _has_rows(chapter)]


def _has_rows(chapter: Chapter) -> bool:
    return any(table.rows for part in chapter.walk() for table in part.tables)


# --- how to read it -------------------------------------------------------------------------------
def _how_to_read(reading: Reading) -> Chapter:
    layers = Table("Layers", (Column("Layer", width="30%"), Column("What it means", True)), _layers(reading))
    grades = Table("Grades", (Column("Grade", width="30%"), Column("What it means", True)), _grades(reading))
    phases = Table("Phases", (Column("Phase", width="30%"), Column("Title", True)), _phases(reading))
    tables = tuple(table for table in (layers, grades, phases) if table.rows)
    return Chapter("reading", "How to read this document", tuple(_marks(reading)), (), tables)


def _layers(reading: Reading) -> tuple[Row, ...]:
    definition = reading.definition
    counts = {name: 0 for name in definition.layers}
    for source in definition.sources.values():
        counts[source.layer] += 1
    return tuple(
        Row(f"layer-{name}", ((line(reading.layer(name)),), (line(f"{title} ({counts[name]} sources)"),)))
        for name, title in definition.layers.items()
    )


def _grades(reading: Reading) -> tuple[Row, ...]:
    rows = sorted(reading.definition.grades.items())
    return tuple(Row(f"grade-{grade}", ((line(strong(str(grade))),), (line(text),))) for grade, text in rows)


def _phases(reading: Reading) -> tuple[Row, ...]:
    phases = reading.definition.phases.items()
    return tuple(Row(f"phase-{name}", ((line(code(name)),), (line(title),))) for name, title in phases)


def _marks(reading: Reading) -> list[Line]:
    return [
        line(
            "Every element names its sources, and each source names its layer: what the article says is "
            "never mixed with what was added. Every source leads to its full text, and from there back to "
            "all that rests on it."
        ),
        line(
            "A condition is given in English and, after ", quiet("written"), ", exactly as the definition "
            "holds it. It is TRUE, FALSE or UNKNOWN; UNKNOWN never opens a way and never clears a safeguard.",
        ),
        line(
            "Figures stand as the definition gives them. ", strong("grade"), " is the grade of evidence "
            "(1 to 3) that the definition gives a source. ", mark(*SAFETY), " marks what stays when its "
            "layer is switched off.",
        ),
        line(
            "What limits the entry of a fact (from where to where, in which steps, which values there are to "
            "pick) and the units it is entered in are this pathway's own guard against slips, wherever the "
            "sources named beside it do not name them. Codes such as LOINC serve machines and are no "
            "statement of those sources."
        ),
    ]  # fmt: skip


def _notes(notes: Sequence[Notes]) -> Chapter:
    columns = (Column("No.", width="10%"), Column("Text", True))
    tables = tuple(
        Table(
            one.title, columns,
            tuple(
                Row(f"note-{number}", ((line(strong(number)),), (line(text),)))
                for number, text in one.texts.items()
            ),
        )
        for one in notes
    )  # fmt: skip
    opening = line(
        "The charts refer to these texts by number; G and N are the numbers of safeguards and notices below."
    )
    return Chapter("notes", "Notes of the charts", (opening,), (), tables)
