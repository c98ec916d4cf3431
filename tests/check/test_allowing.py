"""`# allow: CODE reason` silences the finding it stands at, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pathway.check import allowing
from pathway.check.allowing import Allow, Silenced, allows_in, read_allows, silence
from pathway.check.codes import CODES, Code
from pathway.check.findings import ERROR, Finding
from pathway.check.lint import lint
from pathway.language.gather import gather
from pathway.language.load import load_definition
from pathway.language.problems import DefinitionError, Place

WITH_FINDINGS = """\
pathway: allows
version: 1.0.0
title: Allows
status: draft
layers: {article: Article}
include: [tracks.yaml]
facts:
  a: {ask: A, type: boolean}
  b: {ask: B, type: boolean}
actions:
  drug: {title: Drug, type: medication}
"""
TRACKS = """\
tracks:
  care:
    start: first
    states:
      first: {kind: decision, next: [{to: last, when: a}]}
      lost: {kind: enquiry}
      last: {kind: end}
"""


def checked(folder: Path, main: str = WITH_FINDINGS, tracks: str = TRACKS) -> Silenced:
    (folder / "pathway.yaml").write_text(main, "utf-8")
    (folder / "tracks.yaml").write_text(tracks, "utf-8")
    definition = load_definition(folder)
    return silence(lint(definition), read_allows(definition.files))


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def allowed(silenced: Silenced) -> list[tuple[str, str]]:
    return [(item.finding.code, item.allow.reason) for item in silenced.allowed]


def one(text: str) -> Allow:
    (allow,) = allows_in(text, "a.yaml")
    return allow


def refusal(text: str) -> str:
    with pytest.raises(DefinitionError) as caught:
        allows_in(text, "a.yaml")
    return str(caught.value)


# --- what is silenced -----------------------------------------------------------------------------
def test_without_comments_everything_is_said(tmp_path: Path) -> None:
    silenced = checked(tmp_path)
    assert codes(silenced.findings) == ["unreachable", "dead-end", "never-called", "never-read"]
    assert silenced.allowed == ()


def test_a_comment_at_the_end_of_the_line_silences_its_code_there(tmp_path: Path) -> None:
    line = "  drug: {title: Drug, type: medication}"
    silenced = checked(tmp_path, WITH_FINDINGS.replace(line, f"{line}  # allow: never-called kept for a log"))
    assert allowed(silenced) == [("never-called", "kept for a log")]
    assert codes(silenced.findings) == ["unreachable", "dead-end", "never-read"]


def test_a_block_of_comments_directly_above_speaks_of_the_line_below_also_in_an_included_file(
    tmp_path: Path,
) -> None:
    line = "      lost: {kind: enquiry}"
    above = "      # allow: unreachable by transfer\n# a note between\n  # allow: dead-end by design\n"
    silenced = checked(tmp_path, tracks=TRACKS.replace(line, above + line))
    assert allowed(silenced) == [("unreachable", "by transfer"), ("dead-end", "by design")]
    assert codes(silenced.findings) == ["never-called", "never-read"]
    assert {item.allow.place.file for item in silenced.allowed} == {str(tmp_path / "tracks.yaml")}


def test_one_comment_may_hold_several_allows(tmp_path: Path) -> None:
    line = "      lost: {kind: enquiry}"
    behind = f"{line} # allow: unreachable by transfer # allow: dead-end by design"
    silenced = checked(tmp_path, tracks=TRACKS.replace(line, behind))
    assert allowed(silenced) == [("unreachable", "by transfer"), ("dead-end", "by design")]
    assert [item.allow.place.column for item in silenced.allowed] == [29, 62]


def test_comments_do_not_change_the_digest(tmp_path: Path) -> None:
    checked(tmp_path)
    before = gather(tmp_path).digest
    checked(tmp_path, WITH_FINDINGS + "# allow: gap no line is below\n")
    assert gather(tmp_path).digest == before


# --- what is not silenced -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        (
            "facts:\n",
            "facts:  # allow: never-read why\n",
            "pathway.yaml:7:9",
            "there is no never-read on its line",
        ),
        (
            "facts:\n",
            "facts:\n  # allow: gap why\n",
            "pathway.yaml:8:3",
            "there is no gap on the line below it",
        ),
        (
            "facts:\n",
            "facts:\n  # allow: never-read why\n\n",
            "pathway.yaml:8:3",
            "no line stands directly below",
        ),
        (
            "  b: {ask: B, type: boolean}",
            "  b: {ask: B, type: boolean}  # allow: never-read one # allow: never-read two",
            "pathway.yaml:9:55",
            "another comment silences this finding already",
        ),
        (
            "  drug: {",
            "  # allow: never-called care.first why\n  drug: {",
            "pathway.yaml:11:3",
            "there is no never-called about care.first on the line below it",
        ),
    ],
)
def test_a_comment_that_silences_nothing_is_itself_a_finding(
    tmp_path: Path, old: str, new: str, place: str, words: str
) -> None:
    assert old in WITH_FINDINGS
    silenced = checked(tmp_path, WITH_FINDINGS.replace(old, new))
    (unused,) = [finding for finding in silenced.findings if finding.code == "unused-allow"]
    assert (unused.severity, str(unused.place)) == ("warning", str(tmp_path / place))
    assert words in unused.text


def test_the_finding_a_misplaced_comment_may_mean_is_named(tmp_path: Path) -> None:
    silenced = checked(tmp_path, WITH_FINDINGS.replace("facts:\n", "facts:  # allow: never-read why\n"))
    (unused,) = [finding for finding in silenced.findings if finding.code == "unused-allow"]
    assert unused.fix == "Remove the comment, or move it to the never-read in line 9"


def test_another_code_on_the_line_stays(tmp_path: Path) -> None:
    line = "      lost: {kind: enquiry}"
    silenced = checked(tmp_path, tracks=TRACKS.replace(line, f"{line}  # allow: dead-end by design"))
    assert allowed(silenced) == [("dead-end", "by design")]
    assert "unreachable" in codes(silenced.findings)


def test_a_line_that_was_commented_out_keeps_its_allow_to_itself(tmp_path: Path) -> None:
    line = "  b: {ask: B, type: boolean}"
    old = f"  # old: {{ask: O, type: boolean}}  # allow: never-read for the log\n{line}"
    silenced = checked(tmp_path, WITH_FINDINGS.replace(line, old))
    assert silenced.allowed == ()
    assert "unused-allow" not in codes(silenced.findings)


def found(state: str | None, line: int = 1, code: str = "gap", column: int = 1) -> Finding:
    return Finding(code, ERROR, "no way is open", "Cover it", Place("a.yaml", line, column), state)


def test_where_several_states_share_a_line_one_has_to_be_named() -> None:
    both = (found("care.one"), found("care.two"))
    (allow,) = allows_in("a: 1  # allow: gap seen by hand\n", "a.yaml")
    refused = silence(both, [allow])
    assert refused.allowed == ()
    assert codes(refused.findings) == ["gap", "gap", "unused-allow"]
    assert "care.one, care.two each have this finding" in refused.findings[2].text
    (named,) = allows_in("a: 1  # allow: gap care.two seen by hand\n", "a.yaml")
    silenced = silence(both, [named])
    assert [item.finding.state for item in silenced.allowed] == ["care.two"]
    assert named.reason == "seen by hand"
    assert [finding.state for finding in silenced.findings] == ["care.one"]


def test_a_finding_without_a_place_or_in_another_file_is_never_silenced() -> None:
    elsewhere = Finding("gap", ERROR, "no way is open", "Cover it", Place("b.yaml", 1, 1))
    nowhere = Finding("gap", ERROR, "no way is open", "Cover it")
    silenced = silence([elsewhere, nowhere], allows_in("a: 1  # allow: gap why\n", "a.yaml"))
    assert silenced.allowed == ()
    assert codes(silenced.findings) == ["gap", "gap", "unused-allow"]


def test_an_allow_is_not_called_unused_where_its_code_was_not_looked_for_to_the_end() -> None:
    allows = allows_in("a: 1  # allow: gap why\nb: 2  # allow: dose why\n", "a.yaml")
    assert [finding.text for finding in silence([], allows, undecided={"gap"}).findings] == [
        "`# allow: dose` silences nothing: there is no dose on its line"
    ]


lines, some_codes = st.integers(1, 6), st.sampled_from(["gap", "overlap", "dose"])
states = st.sampled_from([None, "care.a", "care.b"])


@given(
    st.lists(st.builds(found, states, lines, some_codes)),
    st.lists(
        st.builds(Allow, some_codes, st.just("why"), st.builds(Place, st.just("a.yaml"), lines, lines), lines)
    ),
)
def test_nothing_is_lost_and_only_what_stands_there_is_silenced(
    findings: list[Finding], allows: list[Allow]
) -> None:
    silenced = silence(findings, allows)
    unused = [finding for finding in silenced.findings if finding.code == "unused-allow"]
    left = [finding for finding in silenced.findings if finding.code != "unused-allow"]
    assert sorted(map(repr, [*left, *(item.finding for item in silenced.allowed)])) == sorted(
        map(repr, findings)
    )
    for item in silenced.allowed:
        place = item.finding.place
        assert place is not None
        assert (item.finding.code, place.line) == (item.allow.code, item.allow.line)
        assert all(
            other.state == item.finding.state
            for other in findings
            if other.place is not None and (other.code, other.place.line) == (item.finding.code, place.line)
        )
    in_use = [allow for allow in allows if any(item.allow is allow for item in silenced.allowed)]
    assert len(in_use) + len(unused) == len(allows)


# --- what is a comment ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "a: '# allow: gap why'\n",
        'a: "b # allow: gap why"\n',
        "a: 'b\n  # allow: gap why'\n",
        'a: "b\n\n  # allow: gap why\n  c"\n',
        "a: |\n  # allow: gap why\n",
        "a: |\n  b\n\n  # allow: gap why\n  \nc: d\n",
        "a: >-\n  b\n  # allow: gap why",
        "a: |2\n    # allow: gap why\n   b\n",
        "- |-\n # allow: gap why\n- b\n",
        "a: b#allow:gap-why\n",
        "'# allow: gap why': b\n",
        "a: {b: '# allow: gap why'}\n",
        "a: b # see # allow: gap why\n",
    ],
)
def test_inside_a_text_it_is_text(text: str) -> None:
    assert allows_in(text, "a.yaml") == ()


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        ("a: 'b'  # allow: gap why\n", (1, 9), 1),
        ("a: 'it''s # no'  # allow: gap why", (1, 18), 1),
        ('a: "b \\" # c"  # allow: gap why\n', (1, 16), 1),
        ("a: | # allow: gap why\n  b\n", (1, 6), 1),
        ("a: >2- # allow: gap why\n   b\n", (1, 8), 1),
        ("a: |\n  b\n # allow: gap why\nc: d\n", (3, 2), 4),
        ("a: |\n  b\n\n# allow: gap why\n# note\nc: d\n", (4, 1), 6),
        ("a:\n  # allow: gap why\n  - b\n", (2, 3), 3),
        ("a: [b, # allow: gap why\n  c]\n", (1, 8), 1),
        ("a: [b,\n  # allow: gap why\n  c]\n", (2, 3), 3),
        ("a: b #allow : gap why\n", (1, 6), 1),
        ("\ufeff# allow: gap why\r\na: b\r\n", (1, 1), 2),
        ("é: 'ß🙂' # allow: gap why\n", (1, 9), 1),
        ("a: b\u2028c: d # allow: gap why\n", (2, 6), 2),
        ("a: b\n# allow: gap why", (2, 1), None),
        ("a: b\n# allow: gap why\n\nc: d\n", (2, 1), None),
        ("a: b # x\n# allow: gap why\n   \nc: d\n", (2, 1), None),
        ("--- # allow: gap why\na: b\n", (1, 5), 1),
    ],
)
@pytest.mark.parametrize("parser", ["CSafeLoader", "SafeLoader"])
def test_outside_of_texts_it_is_read_where_it_stands(
    monkeypatch: pytest.MonkeyPatch, parser: str, text: str, place: tuple[int, int], line: int | None
) -> None:
    if not hasattr(yaml, parser):
        pytest.skip("this PyYAML has no C parser")
    monkeypatch.setattr(allowing, "_LOADER", getattr(yaml, parser))
    allow = one(text)
    assert ((allow.place.line, allow.place.column), allow.line) == (place, line)
    marked = allow.place.excerpt[allow.place.column - 1 :][: allow.place.length]
    assert marked.replace("#allow :", "# allow:") == "# allow: gap why"


quoted = st.text(st.sampled_from(" #abc:'\n"), min_size=1, max_size=12)


@given(st.lists(st.tuples(st.sampled_from(["'", '"', "|", "", "#"]), quoted), min_size=1, max_size=6))
def test_only_the_comments_of_generated_texts_are_read(parts: list[tuple[str, str]]) -> None:
    """A sequence of items whose texts all hold an allow, and of which only some carry one as a comment."""
    text, expected = "", 0
    for style, filler in parts:
        inside = f"# allow: gap {filler.replace(chr(10), ' ').strip()} in the text"
        if style == "'":
            text += f"- '{inside.replace(chr(39), chr(39) * 2)}'\n"
        elif style == '"':
            text += f'- "{inside}"\n'
        elif style == "|":
            text += f"- |\n  {inside}\n"
        else:
            text += f"- x {'# allow: dose why' if style else ''}\n"
            expected += bool(style)
    assert [allow.code for allow in allows_in(text, "a.yaml")] == ["dose"] * expected


# --- what is refused ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("# allow: gap", "This comment allows `gap` without a reason. Say behind it why it is right"),
        ("# allow: gap -- 1", "without a reason"),
        ("# allow: gap care.first", "`# allow: gap care.first reason`"),
        ("# allow: gaps why", "There is no finding `gaps` to allow. Did you mean `gap`?"),
        ("# allow: gap, overlap", "Did you mean `gap`?"),
        ("# allow: patients first", "Write one of gap, overlap, dead-guard"),
        ("# allow:", "This comment allows nothing. Write `# allow: CODE reason`, or remove it."),
        ("# allow: unused-allow why", "`unused-allow` cannot be allowed"),
    ],
)
def test_a_comment_without_reason_or_known_code_is_refused_at_its_place(comment: str, words: str) -> None:
    said = refusal(f"a: b\nc: d  {comment}\n")
    assert said.startswith("a.yaml:2:7: ")
    assert words in said


def test_everything_wrong_in_all_files_is_said_at_once(tmp_path: Path) -> None:
    first, second = tmp_path / "one.yaml", tmp_path / "two.yaml"
    first.write_text("a: b  # allow: gap\n# allow: gip why\n", "utf-8")
    second.write_text("a: b  # allow:\n", "utf-8")
    with pytest.raises(DefinitionError) as caught:
        read_allows([first, second])
    assert [str(problem.place) for problem in caught.value.problems] == [
        f"{first}:1:7",
        f"{first}:2:1",
        f"{second}:1:7",
    ]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"gone\.yaml cannot be read"):
        read_allows([tmp_path / "gone.yaml"])
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9 # allow: gap why\n")
    with pytest.raises(DefinitionError, match=r"latin\.yaml cannot be read: it is not UTF-8 text"):
        read_allows([tmp_path / "latin.yaml"])


def test_text_that_is_no_yaml_is_refused_as_everywhere() -> None:
    assert refusal("a: [b  # allow: gap why\n").startswith("a.yaml:1:4")


# --- the table of codes ---------------------------------------------------------------------------
def test_the_table_has_the_codes_of_the_contract() -> None:
    assert set(CODES) == {
        *("gap", "overlap", "dead-guard", "always-true", "unreachable", "dead-end", "deadlock", "auto-cycle"),
        *("input-never-arrives", "claim-refuted", "vacuous", "dose", "uncited", "never-called", "never-read"),
        "unused-allow",
    }


@pytest.mark.parametrize("code", CODES.values(), ids=list(CODES))
def test_each_code_says_in_one_sentence_what_it_means_and_what_to_do(code: Code) -> None:
    for sentence in (code.meaning, code.remedy):
        assert sentence.endswith(".")
        assert ". " not in sentence
    assert len(code.title) <= 40
