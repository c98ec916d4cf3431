"""The user's settings: what is right is taken, what is wrong is told in words, and nothing ever fails."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.cells import rows
from tests.tui.support import NOON, EngineSession
from tui.app import CaseApp
from tui.settings import Settings, read_settings, settings_file, settings_from_text, with_theme

WELL = """
theme = "light"
ascii = true
animation = true

[keys]
"panel.why" = "ctrl+y"
case.undo = ["z", "ctrl+u"]
"""


def read(text: str) -> Settings:
    return settings_from_text(text, "my.toml")


def the_notice(text: str) -> str:
    """The only notice about a text."""
    (notice,) = read(text).notices
    return notice


def screen_with(settings: Settings, *keys: str) -> str:
    """The text of the screen after some keys, for a user with these settings."""
    app = CaseApp(EngineSession(label="bed 7"), lambda: NOON, "ms", settings)
    seen: list[str] = []

    async def play() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            for key in keys:
                await pilot.press(key)
                await pilot.pause()
            seen.append("\n".join(rows(app)))

    asyncio.run(play())
    return " ".join(seen[0].replace("│", " ").split())


def test_a_file_says_theme_ascii_animation_and_keys() -> None:
    settings = read(WELL)
    assert (settings.theme, settings.ascii, settings.animation) == ("light", True, True)
    assert settings.keys == {"panel.why": "ctrl+y", "case.undo": "z,ctrl+u"}
    assert settings.notices == ()


def test_a_file_says_who_records_and_the_zone_of_new_cases() -> None:
    settings = read('by = " Dr Ada Grey "\ntimezone = "Europe/Berlin"')
    assert (settings.by, settings.timezone) == ("Dr Ada Grey", "Europe/Berlin")
    assert (settings.notices, settings.faults) == ((), ())
    assert (read("").by, read("").timezone) == (None, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# mine\nby = 3", "my.toml:2: by = 3 is not possible; a name is text on one line: write"),
        ('by = "  "', "my.toml:1: by = '  ' is not possible; a name is text on one line"),
        ('by = "a\\u202eb"', "my.toml:1: by = 'a\\u202eb' is not possible"),
        ('\n"timezone" = 2', "my.toml:2: timezone = 2 is not possible; write a zone in quotes"),
        (
            'timezone = "Europe/Berlim"',
            "my.toml:1: timezone: 'Europe/Berlim' is not a time zone: did you mean Eu",
        ),
        ('timezone = "\\u202e"', "is not a time zone"),
    ],
)
def test_a_name_or_zone_that_cannot_be_is_a_fault_and_never_replaced_by_another(
    text: str, words: str
) -> None:
    settings = read(text)
    (fault,) = settings.faults
    assert words in fault
    assert fault.endswith("or leave the line out.")
    assert fault.isprintable()
    assert settings.notices == (fault,)
    assert (settings.by, settings.timezone) == (None, None)


def test_without_a_file_nothing_is_set_and_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.settings.user_config_path", lambda name: tmp_path / name)
    settings = read_settings({})
    assert (settings.theme, settings.ascii, settings.animation, settings.notices) == (
        "dark",
        False,
        False,
        (),
    )
    assert settings.file == tmp_path / "pathway" / "settings.toml"


def test_the_environment_names_the_file_and_the_theme(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('theme = "light"\n')
    assert read_settings({"PATHWAY_CONFIG": str(file)}).theme == "light"
    assert (
        read_settings({"PATHWAY_CONFIG": str(file), "PATHWAY_THEME": "high-contrast"}).theme
        == "high-contrast"
    )
    assert settings_file({"PATHWAY_CONFIG": str(file)}) == file
    assert settings_file({}).name == "settings.toml"


def test_a_set_variable_for_animations_is_respected(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("")
    assert not read_settings({"PATHWAY_CONFIG": str(file)}).animation
    assert read_settings({"PATHWAY_CONFIG": str(file), "TEXTUAL_ANIMATIONS": "basic"}).animation


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('theme = "ligth"', "there is no theme 'ligth'; did you mean light. The theme stays dark."),
        ("theme = 3", 'theme = 3 is not possible; write a name in quotes, such as theme = "light"'),
        ('ascii = "yes"', "ascii = 'yes' is not possible; write true or false. The default is used."),
        ("animation = 1", "write true or false"),
        ('thema = "light"', "'thema' is no setting; did you mean theme. It was left out."),
        ("keys = 3", 'write a table: [keys], then lines such as "panel.why" = "x"'),
        ('[keys]\n"panel.why" = 3', 'panel.why needs a key in quotes, such as "x". It was left out.'),
        ("theme = light", "this is not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_where_what_and_how_to_mend_it(text: str, words: str) -> None:
    notice = the_notice(text)
    assert words in notice
    assert "my.toml" in notice
    assert read(text).theme == "dark"


def test_the_flag_for_ascii_counts_beside_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("ascii = false\n")
    assert read_settings({"PATHWAY_CONFIG": str(file)}, ascii=True).ascii
    assert not read_settings({"PATHWAY_CONFIG": str(file)}, ascii=False).ascii


def test_one_mistake_leaves_the_other_settings_taken() -> None:
    settings = read('theme = "light"\nascii = "x"')
    assert (settings.theme, settings.ascii, len(settings.notices)) == ("light", False, 1)


def test_a_bad_theme_in_the_environment_leaves_the_one_of_the_file() -> None:
    settings = with_theme(Settings(theme="light"), "pink", "PATHWAY_THEME")
    assert settings.theme == "light"
    assert settings.notices == (
        "PATHWAY_THEME: there is no theme 'pink'; there are dark, light, high-contrast. "
        "The theme stays light.",
    )


@pytest.mark.parametrize("make", ["missing", "folder", "bytes"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, make: str) -> None:
    file = tmp_path / "mine.toml"
    if make == "folder":
        file.mkdir()
    elif make == "bytes":
        file.write_bytes(b"theme = \xff")
    (notice,) = read_settings({"PATHWAY_CONFIG": str(file)}).notices
    assert "mine.toml" in notice


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    assert read(text).theme in ("dark", "light", "high-contrast")


def test_notices_stand_on_the_screen_until_they_are_read_and_markup_in_them_is_text() -> None:
    settings = read('theme = "[red]x[/red]"')
    shown = screen_with(settings)
    assert "! NOTICE my.toml: theme: there is no theme '[red]x[/red]'" in shown
    assert "What now?" in screen_with(settings, "enter")
    assert "! NOTICE" not in screen_with(settings, "enter")


def test_good_settings_say_nothing() -> None:
    assert "! NOTICE" not in screen_with(read(WELL))
