"""Event logs in XES are read as a stream, and nothing hostile in them is obeyed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pathway.logs.foreign.finding import CUT_OFF
from pathway.logs.foreign.reading import ForeignLog, read_foreign
from pathway.logs.foreign.replaying import replay_foreign
from pathway.logs.problems import LogError
from tests.logs.foreign.conftest import Ward, said, ward_compiled

KEYS = {
    "case": 'case: "case:concept:name"',
    "activity": 'activity: "concept:name"',
    "by": 'by: "org:resource"',
    "time": 'time: {column: "time:timestamp", timezone: UTC}',
    "lifecycle": 'lifecycle: {column: "lifecycle:transition", keep: [complete, ""]}',
    "born": '  "case:born": {fact: birth, on: [Arrival]}',
}


def event(activity: str, at: str, *, more: str = "", line: str = "\n") -> str:
    return (
        f'<event>{line}<string key="concept:name" value="{activity}"/>'
        f'<date key="time:timestamp" value="{at}"/>{more}</event>'
    )


def trace(case: str, *events: str) -> str:
    name = f'<string key="concept:name" value="{case}"/><date key="born" value="1950-02-28"/>'
    return f"<trace>{name}{''.join(events)}</trace>"


def document(*traces: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!-- made elsewhere -->\n'
        '<log xes.version="1.0" xmlns="http://www.xes-standard.org/">'
        '<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>'
        '<global scope="event"><string key="concept:name" value="__INVALID__"/></global>'
        '<string key="concept:name" value="the whole log"/>' + "".join(traces) + "</log>"
    )


ARRIVED = event("Arrival", "2026-03-01T08:00:00.000+01:00")
TREATED = event(
    "Antibiotic",
    "2026-03-01T07:30:00Z",
    more='<string key="org:resource" value="&#x4A;&amp;B"><string key="crp" value="9"/></string>'
    '<float key="crp" value="1.2"/><float key="gluc" value="nan"/>'
    '<list key="germs"><values><string key="germs" value="E"/></values></list>',
)


def read(ward: Ward, text: str | bytes, name: str = "log.xes") -> ForeignLog:
    file = ward.folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_foreign(file, ward.mapped(**KEYS))


def test_the_events_of_a_trace_are_a_case(ward: Ward) -> None:
    log = read(ward, document(trace("NA", ARRIVED, TREATED), trace("B &lt; C", ARRIVED)))
    assert [case.id for case in log.cases] == ["NA", "B < C"]
    played = replay_foreign(log.cases[0], ward_compiled())
    assert said(played) == [
        "arrival_time=2026-03-01T07:00:00+00:00",
        "birth=1950-02-28",
        "antibiotic_time=2026-03-01T07:30:00+00:00",
        "crp=12",
        "antibiotic",
    ]
    assert played.events[-1].at - played.events[0].at == 30 * 60
    assert "J&B" in {one.by for one in played.events}


def test_a_prefix_of_the_xes_names_and_packed_files_are_read(ward: Ward) -> None:
    text = document(trace("A", ARRIVED)).replace("<", "<x:").replace("<x:/", "</x:")
    text = text.replace("<x:?", "<?").replace("<x:!", "<!").replace("xmlns=", "xmlns:x=")
    assert [case.id for case in read(ward, gzip.compress(text.encode()), "log.xes.gz").cases] == ["A"]


ENTITIES = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">'


@pytest.mark.parametrize(
    "doctype",
    [
        f"<!DOCTYPE log [{ENTITIES}]>",
        '<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE log SYSTEM "http://example.org/log.dtd">',
    ],
)
def test_a_document_type_is_refused_before_anything_grows_or_is_fetched(ward: Ward, doctype: str) -> None:
    text = document(trace("&a;", ARRIVED)).replace("?>\n", f"?>\n{doctype}\n", 1)
    with pytest.raises(LogError, match=r"log\.xes: This log is not read.*document type"):
        read(ward, text)


def test_other_xml_is_refused(ward: Ward) -> None:
    with pytest.raises(LogError, match="begins with <html>"):
        read(ward, "<html><log/></html>")


def test_a_file_that_is_cut_off_loses_the_case_that_it_cuts(ward: Ward) -> None:
    text = document(trace("A", ARRIVED, TREATED), trace("B", ARRIVED, TREATED))
    log = read(ward, text[: text.rindex("Antibiotic")])
    assert [(case.id, case.set_aside) for case in log.cases] == [("A", False), ("B", True)]
    [finding] = log.cases[1].findings
    assert (finding.class_, finding.row) == (CUT_OFF, text.count("\n") + 1)


def test_an_event_without_activity_or_time_is_told_with_its_line(ward: Ward) -> None:
    nameless = "<event>\n</event>"
    log = read(ward, document(trace("A", ARRIVED, nameless), trace("B", event("Arrival", "once"))))
    told = [(one.case, one.class_, one.row) for case in log.cases for one in case.findings]
    assert told == [("A", "unknown activity", 4), ("B", "unreadable row", 5)]


def test_an_event_outside_of_every_trace_is_told(ward: Ward) -> None:
    log = read(ward, document(trace("A", ARRIVED), ARRIVED))
    assert [(one.case, one.class_) for one in log.findings] == [(None, "unreadable row")]
    assert not log.cases[0].set_aside


@pytest.mark.parametrize(
    ("strange", "told"),
    [
        (trace("B", trace("C", ARRIVED), ARRIVED), "<trace> stands inside <trace>"),
        (trace("B", ARRIVED.replace("</event>", f"{ARRIVED}</event>")), "<event> stands inside <event>"),
        (trace("B", event("Arrival", "2026-03-01T08:00:00Z", more='<string key="crp" value="1"/>'
               '<string key="crp" value="2"/>')), "`crp` has two values"),
        (trace("B", '<string key="concept:name" value="A"/>', ARRIVED), "`case:concept:name` has two values"),
    ],
    ids=["trace in trace", "event in event", "two values", "two names"],
)  # fmt: skip
def test_what_stands_where_none_can_sets_its_case_aside(ward: Ward, strange: str, told: str) -> None:
    log = read(ward, document(strange, trace("A", ARRIVED)))
    bad, good = log.cases
    assert (bad.id, bad.set_aside, good.id, good.set_aside) == ("B", True, "A", False)
    assert told in bad.findings[0].why


def test_an_event_belongs_to_the_case_of_its_trace(ward: Ward) -> None:
    moved = event("Arrival", "2026-03-01T08:00:00Z", more='<string key="case:concept:name" value="A"/>')
    assert [case.id for case in read(ward, document(trace("B", moved), trace("A", ARRIVED))).cases] == [
        "B",
        "A",
    ]


def test_an_encoding_that_nobody_knows_is_told(ward: Ward) -> None:
    with pytest.raises(LogError, match="unknown encoding: klingon"):
        read(ward, document().replace("UTF-8", "klingon"))


def test_a_folder_is_no_log(ward: Ward, tmp_path: Path) -> None:
    (tmp_path / "folder.xes").mkdir()
    mapping = ward.mapped(**KEYS)
    with pytest.raises(LogError, match="it is a folder"):
        read_foreign(tmp_path / "folder.xes", mapping)
