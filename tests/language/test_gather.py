"""A pathway is gathered from its files: one merged model, one digest, and every refusal at its place."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.language import written
from pathway.language.gather import Gathered, digest_of, gather
from pathway.language.problems import DefinitionError, nearest
from pathway.language.refusals import PATTERN_RULES, keys_at, say
from pathway.language.schema import pathway_schema

HEAD = "pathway: demo\nversion: 1.0.0\ntitle: Demo\nstatus: draft\n"
TRACKS = "tracks: {care: {start: a, states: {a: {kind: end}}}}\n"
DEMO = HEAD + TRACKS


def folder_of(folder: Path, **files: str) -> Path:
    """A folder with these files: `main` is pathway.yaml, others have `_` for `/` left as they are."""
    for name, text in files.items():
        path = folder / ("pathway.yaml" if name == "main" else f"{name}.yaml")
        path.write_text(text, encoding="utf-8")
    return folder


def gathered(folder: Path, **files: str) -> Gathered:
    return gather(folder_of(folder, **files))


def refused(folder: Path, **files: str) -> list[str]:
    """The problems as `file:line:column: words`, files without their folder."""
    with pytest.raises(DefinitionError) as caught:
        gathered(folder, **files)
    told = [problem.render().splitlines()[0] for problem in caught.value.problems]
    return [line.replace(f"{folder.as_posix()}/", "") for line in told]


# One file or a folder.


def test_one_file_and_a_folder_are_the_same_pathway(tmp_path: Path) -> None:
    one = tmp_path / "one.yaml"
    one.write_text(DEMO, encoding="utf-8")
    (tmp_path / "folder").mkdir()
    folder = gathered(tmp_path / "folder", main=HEAD + "include: [rest.yaml]", rest=TRACKS)
    assert gather(one).pathway == folder.pathway
    assert gather(one).digest == folder.digest
    assert folder.files == (tmp_path / "folder/pathway.yaml", tmp_path / "folder/rest.yaml")


def test_sections_of_several_files_are_one_section(tmp_path: Path) -> None:
    main = DEMO + "include: [b.yaml, c.yaml]\nlayers: {one: One}"
    found = gathered(
        tmp_path,
        main=main,
        b="layers: {two: Two}\ninclude: d.yaml",
        c="layers: {four: 4}",
        d="layers: {three: 3}",
    )
    assert list(found.pathway.layers) == ["one", "two", "three", "four"]
    assert "include" not in found.data


def test_an_include_is_found_beside_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts/index.yaml").write_text("include: [labs.yaml]", encoding="utf-8")
    (tmp_path / "facts/labs.yaml").write_text("layers: {a: A}", encoding="utf-8")
    assert gathered(tmp_path, main=DEMO + "include: [facts/index.yaml]").pathway.layers == {"a": "A"}


def test_a_folder_without_a_pathway_says_what_it_looked_for(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"pathway\.yaml cannot be read"):
        gather(tmp_path)
    with pytest.raises(DefinitionError, match="cannot be read"):
        gather(tmp_path / "a\0b")


# Included files stay inside the folder.


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../other.yaml", "a/../../x.yaml", "C:/x.yaml", "..\\x.yaml", "\\\\srv\\x"]
)
def test_an_include_that_leaves_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, main=f"{DEMO}include: ['{name}']") == [
        f"pathway.yaml:6:11: `{name}` leaves the folder of the pathway. "
        "Name a file of this folder, with / between folders."
    ]


def test_a_link_that_leaves_the_folder_is_refused_and_one_inside_is_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("layers: {secret: S}", encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    assert "is a link that leaves the folder" in refused(folder, main=DEMO + "include: link.yaml")[0]
    (folder / "link.yaml").unlink()
    (folder / "link.yaml").symlink_to("inside.yaml")
    assert gathered(folder, main=DEMO + "include: link.yaml", inside="layers: {a: A}").pathway.layers == {
        "a": "A"
    }


def test_links_in_a_circle_folders_and_pipes_are_not_files(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").symlink_to("y.yaml")
    (tmp_path / "y.yaml").symlink_to("x.yaml")
    (tmp_path / "d").mkdir()
    os.mkfifo(tmp_path / "pipe")
    told = refused(tmp_path, main=DEMO + f"include: [x.yaml, d, pipe, {'n' * 5000}]")
    assert len(told) == 4
    assert "There is no file `x.yaml`" in told[0]
    assert "`d` is not a file" in told[1]
    assert "`pipe` is not a file" in told[2]


def test_a_missing_include_names_the_nearest_file(tmp_path: Path) -> None:
    told = refused(tmp_path, main=DEMO + "include: [fatcs.yaml]", facts="layers: {a: A}")
    assert told == [
        "pathway.yaml:6:11: There is no file `fatcs.yaml` in this folder. Did you mean `facts.yaml`?"
    ]


def test_a_missing_include_does_not_make_its_sections_missing_too(tmp_path: Path) -> None:
    assert len(refused(tmp_path, main=HEAD + "include: [tracks.yaml]")) == 1


def test_files_that_include_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    told = refused(
        tmp_path, main=DEMO + "include: [b.yaml]", b="include: [c.yaml]", c="include: [pathway.yaml]"
    )
    assert told == [
        "c.yaml:1:11: `pathway.yaml` includes itself, directly or through other files. Remove this line."
    ]


def test_a_file_included_twice_is_refused(tmp_path: Path) -> None:
    told = refused(tmp_path, main=DEMO + "include: [b.yaml, ./b.yaml]", b="layers: {a: A}")
    assert "`./b.yaml` is included already at" in told[0]


def test_a_pathway_has_at_most_a_hundred_files(tmp_path: Path) -> None:
    files = {f"f{n}": f"include: f{n + 1}.yaml" for n in range(120)}
    assert any(
        "at most 100 files" in line for line in refused(tmp_path, main=DEMO + "include: f0.yaml", **files)
    )


@pytest.mark.parametrize("written_as", ["{a: b}", "[[a]]", "", "[{a: b}]"])
def test_include_takes_file_names(tmp_path: Path, written_as: str) -> None:
    assert "`include` takes file names" in refused(tmp_path, main=f"{DEMO}include: {written_as}")[0]


def test_the_same_id_in_two_files_names_both_places(tmp_path: Path) -> None:
    main = DEMO + "include: b.yaml\nlayers: {a: A}"
    told = refused(tmp_path, main=main, b="title: Other\nlayers:\n  a: B")
    assert told == [
        "b.yaml:1:1: `title` is written in two files: pathway.yaml:3:1 and b.yaml:1:1. Keep one of them.",
        "b.yaml:3:3: `layers.a` is written in two files: pathway.yaml:7:10 and b.yaml:3:3. "
        "Keep one of them, or give one another id.",
    ]


def test_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    main = DEMO + "include: [b.yaml, c.yaml, no.yaml]\nlayer: x"
    told = refused(tmp_path, main=main, b="layers: {a: A, a: B}", c="facts: {x: {type: quantitty}}")
    assert [line.split(": ")[0] for line in told] == [
        "b.yaml:1:16",
        "c.yaml:1:19",
        "pathway.yaml:6:27",
        "pathway.yaml:7:1",
    ]


@pytest.mark.parametrize("text", ["- a\n- b", "just words", "'quoted'"])
def test_a_file_without_keys_is_refused(tmp_path: Path, text: str) -> None:
    assert "A pathway file holds keys with their values" in refused(tmp_path, main=text)[0]


# What the models refuse, in an author's words.

FACT = "facts:\n  inr: {ask: INR, type: quantity, %s}"
STATE = "tracks: {care: {start: a, states: {a: {kind: end, %s}}}}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (DEMO + "factss: {}", "6:1: `factss` is no key of the pathway. Did you mean `facts`?"),
        (DEMO + "zzz: {}", "6:1: `zzz` is no key of the pathway. Keys here: pathway, version, "),
        (DEMO + FACT % "unti: '1'", "7:35: `unti` is no key of `facts.inr`. Did you mean `unit`?"),
        (DEMO + "sources: {S1: {text: a, from_: b, from: c}}", "6:25: `from_` is no key of `sources.S1`."),
        (DEMO + "facts: {inr: {ask: INR}}", "6:9: `facts.inr` needs the key `type`. Add `type: ...`."),
        (HEAD, "1:1: the pathway needs the key `tracks`."),
        (
            DEMO + "facts: {inr: {type: quantitty}}",
            "6:21: `facts.inr.type` cannot be `quantitty`. Did you mean `quantity`? "
            "Write one of: boolean, integer, quantity, code, list, date, dateTime, text.",
        ),
        (
            DEMO + FACT % "code: {loink: '1'}",
            "7:42: The key `loink` cannot be `loink`. Did you mean `loinc`?",
        ),
        (
            DEMO + "facts: {Inr: {type: text}}",
            "6:9: The key `Inr` is not written as it should be. Write a lower-case",
        ),
        (DEMO + FACT % "step: 0.1 mg", "7:41: `facts.inr.step` cannot be `0.1 mg`. Write a number"),
        (DEMO + FACT % "step: 1e-3", "7:41: `facts.inr.step` cannot be `1e-3`. Write a number"),
        (DEMO + FACT % "range: [1]", "7:42: `facts.inr.range` has too few items. Write exactly two"),
        (DEMO + FACT % "range: [1, 2, 3]", "7:42: `facts.inr.range` has to be a list of two."),
        (DEMO + FACT % "range: 5", "7:42: `facts.inr.range` has to be a list of two."),
        (DEMO + FACT % "open: maybe", "7:41: `facts.inr.open`: write true or false."),
        (DEMO + FACT % "open: yes", "7:41: `facts.inr.open`: write true or false."),
        (DEMO + FACT % "also: {mmol/L: {fctor: 18}}", "`facts.inr.also.mmol/L` needs the key `factor`."),
        (DEMO + FACT % "also: {mmol/L: {fctor: 18}}", "Did you mean `factor`?"),
        (DEMO + FACT % "also: [[mg]]", "7:42: `facts.inr.also[1]` has to be one text."),
        (DEMO + FACT % "values: {a: [b]}", "7:47: `facts.inr.values.a` has to be one text."),
        (DEMO + FACT % "values: a", "7:43: `facts.inr.values` has to be a list."),
        (
            DEMO + FACT % "cases: [{when: a}]",
            "7:43: `facts.inr.cases[1]`: give exactly one of value and not_applicable.",
        ),
        (DEMO + FACT % "unit: ''", "7:41: `facts.inr.unit` is empty."),
        (DEMO + FACT % f"unit: {'x' * 4001}", "7:41: `facts.inr.unit` is longer than 4000 characters."),
        (DEMO + "title2: [a]\nnotices: [a]", "7:10: `notices` has to be a group of keys with values."),
        (HEAD + STATE % "next: [a]", "`tracks.care.states.a.next[1]` has to be a group of keys with values."),
        (
            HEAD + STATE % "next: [{to: b, wen: c}]",
            "`wen` is no key of `tracks.care.states.a.next[1]`. Did you mean `when`?",
        ),
        (HEAD + STATE % "next: {to: b}", "`tracks.care.states.a.next` has to be a list."),
        (HEAD + STATE % "kind2: [end]", "`kind2` is no key of `tracks.care.states.a`. Did you mean `kind`?"),
        (
            DEMO + "claims: {c: {only: a, before: [a, b]}}",
            "6:10: `claims.c`: a claim has exactly one of only, never",
        ),
        (
            DEMO + FACT % "formula: ",
            "7:35: `facts.inr.formula` has no value. Say what it is, or leave the key out",
        ),
        (DEMO + FACT % "cites: [S1, ~]", "7:47: `facts.inr.cites[2]` has no value."),
        (DEMO + "facts:", "6:1: `facts` has no value."),
        (
            "pathway: demo\nversion: 1.0\ntitle: T\nstatus: draft\n" + TRACKS,
            "2:10: `version` cannot be `1.0`.",
        ),
    ],
)
def test_what_is_refused_is_told_in_plain_words_at_its_place(tmp_path: Path, text: str, said: str) -> None:
    told = refused(tmp_path, main=text)
    assert any(said in line for line in told), told
    for word in (
        "pydantic",
        "http",
        "Input should",
        "Value error",
        "constrained",
        "function-before",
        "valid ",
    ):
        assert not any(word in line for line in told)


def test_a_value_left_empty_is_told_once(tmp_path: Path) -> None:
    assert len(refused(tmp_path, main=DEMO + "facts:\nlayers: {a: }\nnotices: ~")) == 3


def test_a_quoted_null_is_a_text(tmp_path: Path) -> None:
    assert gathered(tmp_path, main=DEMO + "layers: {a: 'null'}").pathway.layers == {"a": "null"}


def test_a_thousand_refusals_are_told_up_to_a_bound(tmp_path: Path) -> None:
    facts = "\n".join(f"  f{n}: {{typo: text}}" for n in range(1_000))
    told = refused(tmp_path, main=f"{DEMO}facts:\n{facts}")
    assert len(told) == 501
    assert any("1500 more refusals are not shown" in line for line in told)


def test_many_parts_over_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pathway.language.gather.MOST_NODES", 2_000)
    files = {f"f{n}": f"layers{n}: [{','.join(['x'] * 600)}]" for n in range(4)}
    told = refused(tmp_path, main=f"{DEMO}include: [{', '.join(f'{name}.yaml' for name in files)}]", **files)
    assert any("more than 2,000 parts" in line for line in told)


def test_every_pattern_of_the_models_has_its_rule_in_words() -> None:
    def patterns(schema: Any) -> set[str]:
        if isinstance(schema, list):
            return {found for item in schema for found in patterns(item)}
        if not isinstance(schema, dict):
            return set()
        own = {schema["pattern"]} if isinstance(schema.get("pattern"), str) else set()
        return (
            own
            | set(schema.get("patternProperties", {}))
            | {f for item in schema.values() for f in patterns(item)}
        )

    assert patterns(pathway_schema()) == set(PATTERN_RULES)


def test_keys_are_known_at_every_depth() -> None:
    assert "unit" in keys_at(("facts", "inr"), written.Pathway)
    assert keys_at(("facts", "inr", "also", "mmol/L"), written.Pathway) == ("factor", "cites")
    assert "from" in keys_at(("sources", "S1"), written.Pathway)
    assert "when" in keys_at(("tracks", "care", "states", "a", "next", 0), written.Pathway)
    assert keys_at(("facts", "inr", "unit"), written.Pathway) == ()


def test_items_are_counted_from_one_in_what_is_said() -> None:
    assert say(("facts", "inr", "range", 1)) == "`facts.inr.range[2]`"


# The digest.


def test_the_digest_is_the_sha256_of_the_canonical_json_as_written(tmp_path: Path) -> None:
    found = gathered(tmp_path, main=DEMO + "layers: {é: x}".replace("é", "e") + "\nreview: Größe")
    canonical = (
        '{"layers":{"e":"x"},"pathway":"demo","review":"Größe","status":"draft","title":"Demo",'
        '"tracks":{"care":{"start":"a","states":{"a":{"kind":"end"}}}},"version":"1.0.0"}'
    )
    assert found.digest == hashlib.sha256(canonical.encode()).hexdigest()


def test_comments_quotes_order_and_layout_do_not_change_the_digest(tmp_path: Path) -> None:
    plain = gathered(tmp_path, main=DEMO).digest
    other = "# comment\n" + TRACKS + 'title: "Demo"\nstatus: draft # yes\nversion: 1.0.0\npathway: demo\n'
    assert gathered(tmp_path, main=other).digest == plain


def test_scalars_count_as_written_in_the_digest(tmp_path: Path) -> None:
    one = gathered(tmp_path, main=DEMO + FACT % "step: 1.1").digest
    other = gathered(tmp_path, main=DEMO + FACT % "step: 1.10").digest
    assert one != other


texts = st.text(st.characters(codec="utf-8"), max_size=5)


@given(
    st.dictionaries(texts, st.one_of(texts, st.lists(texts, max_size=3)), max_size=5),
    st.randoms(use_true_random=False),
)
def test_the_digest_does_not_depend_on_the_order_of_keys_and_tells_all_else_apart(
    data: dict[str, Any], random: Any
) -> None:
    shuffled = list(data.items())
    random.shuffle(shuffled)
    assert digest_of(dict(shuffled)) == digest_of(data)
    assert digest_of({**data, "x" * 6: ""}) != digest_of(data)
    assert json.loads(json.dumps(data)) == data


# Places.


def test_every_part_of_the_data_has_a_place(tmp_path: Path) -> None:
    found = gathered(
        tmp_path,
        main=DEMO + "include: b.yaml",
        b="layers:\n  a: First\nsources:\n  S1: {text: T, from: a, ref: [x, y]}",
    )
    layer = found.places.of(("layers", "a"))
    assert (Path(layer.file).name, layer.line, layer.column, layer.length) == ("b.yaml", 2, 6, 5)
    assert found.places.of(("layers", "a"), key=True).column == 3
    assert found.places.of(("sources", "S1", "ref", 1)).column == 35


def test_what_is_absent_has_the_place_of_the_nearest_key_above_it(tmp_path: Path) -> None:
    found = gathered(tmp_path, main=DEMO)
    state = found.places.of(("tracks", "care", "states", "a", "next", 3, "when"))
    assert (state.line, state.column, state.length) == (5, 36, 1)
    assert found.places.of(()).line == 1
    assert found.places.of(("facts", "inr")).line == 1


# Laws.

KEYS = [
    "pathway",
    "version",
    "title",
    "status",
    "layers",
    "facts",
    "actions",
    "tracks",
    "claims",
    "also",
    "values",
]
KEYS += [
    "type",
    "dose",
    "code",
    "loinc",
    "[key]",
    "dict[str,str]",
    "states",
    "care",
    "a",
    "range",
    "cases",
    "when",
    "0",
]
leaves = st.sampled_from(["a", "1.0.0", "draft", "1", "true", "", "null", "text", "x y", "S1", "é" * 5000])
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
)


@given(st.dictionaries(st.sampled_from(KEYS), trees))
def test_any_data_is_a_pathway_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[str, Any]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(json.dumps(tree), encoding="utf-8")
    told = ""
    try:
        gather(path)
    except DefinitionError as error:
        told = str(error)
    assert told == "" or "found." in told
    assert "constrained" not in told
    assert "does not fit here" not in told


@given(st.sampled_from(sorted(written.Fact.model_fields)), st.integers(0, 10), st.sampled_from("abcxyz_"))
def test_a_slip_of_one_letter_finds_the_key_that_was_meant(key: str, at: int, letter: str) -> None:
    slip = key[:at] + letter + key[at:]
    meant = nearest(slip, keys_at(("facts", "inr"), written.Pathway))
    assert meant == key or (meant is not None and slip == meant) or len(key) < 4
