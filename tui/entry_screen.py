"""A form on the screen: its fields, what they will record, and a second Enter where there is no way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Label

from pathway.engine.batch import Batch
from tui.box_screen import BoxScreen
from tui.changes import refusal_lines
from tui.foreseen import foreseen_lines
from tui.forms import Field, Form
from tui.in_words import in_words
from tui.kept_ahead import blank, open_box
from tui.keymap import key_at
from tui.lines import Line, Tone, columns, unbroken, ways_on
from tui.session import EntryError, StoreError
from tui.sitting import Sitting
from tui.times import show_time
from tui.widgets.line_view import LineView
from tui.window import SETTLE, drained, is_too_small

MOST_FIELDS = 2  # that a form asks
MOST_OF_ALERT = 140  # columns of one that an entry would raise: two rows of a small window
LEAST_ABOUT = 3  # rows of what is said above the fields, where alerts need the room
TITLE_MARGIN = 8  # columns of a box that its title cannot use
NOT_WRITTEN = "NOT WRITTEN: it does not count. Nothing typed is lost."


@dataclass(frozen=True, slots=True)
class Wording:
    """What an entry screen says it does: record for good, or only suppose."""

    preview: str
    done: str


RECORDING = Wording("records:", "records exactly this")
SUPPOSING = Wording("supposes:", "")


class EntryScreen(BoxScreen):
    """Asks a form's fields and closes once the entry was recorded."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+g", "back", "Back", show=False, priority=True, id="entry.back"),
        Binding("enter", "next", "Next", show=False, priority=True, id="entry.next"),
        Binding("pageup", "page(-1)", "Page up", show=False, priority=True, id="entry.page_up"),
        Binding("pagedown", "page(1)", "Page down", show=False, priority=True, id="entry.page_down"),
    ]

    _sitting: Sitting
    _form: Form
    _record: Callable[[Batch], None]
    _wording: Wording

    def __init__(self) -> None:
        super().__init__()
        self._pending: Batch | None = None
        self._is_settled = False
        self._how = Line()

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="about", can_focus=False):
                yield LineView(id="about")
            for index in range(MOST_FIELDS):
                yield LineView(id=f"options-{index}")
                with Horizontal(classes="field", id=f"row-{index}"):
                    yield Label(id=f"label-{index}", markup=False)
                    yield Input(id=f"field-{index}", compact=True)
            yield LineView(id="preview")
            yield LineView(id="trouble")
            yield LineView(id="how")

    def ask(
        self, sitting: Sitting, form: Form, record: Callable[[Batch], None], wording: Wording = RECORDING
    ) -> None:
        """Put a form into the box; `record` enters what it makes."""
        if len(form.fields) > MOST_FIELDS:
            raise ValueError(f"{form.title} asks {len(form.fields)} things, more than {MOST_FIELDS}")
        self._sitting, self._form, self._record, self._wording = sitting, form, record, wording
        self.query_one(".box", Vertical).border_title = boxed_title(form.title)
        whole = long_title(form.title, self.app.size.width - TITLE_MARGIN)
        self.query_one("#about", LineView).show([*whole, *form.about])
        for index in range(MOST_FIELDS):
            self._ask_field(index, form.fields[index] if index < len(form.fields) else None)
        if form.fields:
            self._say_how()
            self.set_focus(self.query_one("#field-0", Input))
        else:
            self._try([])

    def _ask_field(self, index: int, field: Field | None) -> None:
        """Ask it in one of the rows, or leave the row out."""
        self.query_one(f"#row-{index}", Horizontal).display = field is not None
        if field is not None:
            self.query_one(f"#options-{index}", LineView).show(_option_lines(field))
            self.query_one(f"#label-{index}", Label).update(field.label)
            self.query_one(f"#field-{index}", Input).placeholder = _placeholder(field)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A window too small to show the case takes no entries."""
        return action == "back" or not is_too_small(self.app)

    @on(Input.Changed)
    def _preview(self) -> None:
        """What the fields would record so far, or why the value typed so far would not be taken."""
        self._show("trouble", [])
        typed = self._typed()
        if self._other_form() is not None:
            self._show("preview", [Line(f"it is not known; {self._key('next')} asks why.", "unknown:")])
            return
        try:
            self._check(typed[0])
            batch = self._form.build(typed, self._sitting.pen())
        except EntryError as error:
            why = [Line(words, "not yet:") for words in str(error).splitlines()]
            self._show("preview", why if typed[0].strip() and self._form.check is not None else [])
            return
        self._show("preview", [Line(words, self._wording.preview) for words in self._words(batch)])

    def _check(self, first: str) -> None:
        if self._form.check is not None:
            self._form.check(first, self._sitting.pen())

    def action_page(self, direction: int) -> None:
        """Scroll what is said above the fields."""
        scroll_about(self.query_one(".about", VerticalScroll), direction)
        self.call_after_refresh(self._say_more)

    async def action_next(self) -> None:
        """Go on to the next field; from the last one record, or ask again what has no way back."""
        if self._pending is not None:
            if self._is_settled:
                self._commit(self._pending)
            else:
                why = f"Too soon, nothing is recorded yet: read it, then {self._key('next')} again."
                self._show("trouble", [Line(why, tone=Tone.STRONG)])
            return
        here = self.focused
        if not isinstance(here, Input):
            return
        await drained(here)
        if (other := self._other_form()) is not None:
            self.app.pop_screen()
            box = await blank(self.app, EntryScreen)
            box.ask(self._sitting, other, self._record, self._wording)
            await open_box(self.app, box)
            return
        try:
            self._check(self._typed()[0])
        except EntryError as error:
            self._show("preview", [])
            self._show("trouble", refusal_lines(error))
            return
        index = int((here.id or "field-0").removeprefix("field-"))
        if index + 1 < len(self._form.fields):
            self.set_focus(self.query_one(f"#field-{index + 1}", Input))
        else:
            self._try(self._typed())

    def _other_form(self) -> Form | None:
        instead = self._form.instead
        return instead(self._typed()) if instead is not None else None

    def action_back(self) -> None:
        """From the confirmation back to the fields, from the fields out; nothing is recorded."""
        if self._pending is None or not self._form.fields:
            self.app.pop_screen()
            return
        self._back_to_fields()

    def _back_to_fields(self) -> None:
        self._pending = None
        self.query_one(".about").styles.max_height = None
        self._preview()
        self._enable(True)
        self._say_how()
        self.set_focus(self.query_one("#field-0", Input))

    def _try(self, typed: list[str]) -> None:
        try:
            batch = self._form.build(typed, self._sitting.pen())
        except EntryError as error:
            self._show("preview", [])
            self._show("trouble", refusal_lines(error))
            return
        if self._form.asks_again:
            self._ask_again(batch)
        else:
            self._commit(batch)

    def _ask_again(self, batch: Batch) -> None:
        self._pending, self._is_settled = batch, False
        self._enable(False)
        self.set_focus(None)
        written = f"WILL BE RECORDED {show_time(batch.at, batch.at, self._sitting.view.timezone)} {batch.by}:"
        recorded = [Line(words, written, Tone.CAUTION) for words in self._words(batch)]
        alerts = foreseen_lines(self._sitting, batch, MOST_OF_ALERT)
        self.query_one(".about").styles.max_height = LEAST_ABOUT if alerts else None
        self._show("preview", [*alerts, *recorded])
        how = f"{self._key('next')} {self._wording.done}. {self._key('back')} goes back."
        self._how = Line(how, tone=Tone.STRONG)
        self._show("how", [self._how])
        self.call_after_refresh(self._say_more)
        self.set_timer(SETTLE, self._settle)

    def _settle(self) -> None:
        self._is_settled = True

    def _commit(self, batch: Batch) -> None:
        try:
            self._record(batch)
        except EntryError as error:
            if self._form.fields:
                self._back_to_fields()
            self._show("trouble", refusal_lines(error))
        except StoreError as error:
            self._show(
                "trouble",
                [Line(f"{NOT_WRITTEN} {self._key('next')} tries again.", "!!", Tone.ALARM), Line(str(error))],
            )
        else:
            self.app.pop_screen()

    def _typed(self) -> list[str]:
        return [self.query_one(f"#field-{index}", Input).value for index in range(len(self._form.fields))]

    def _words(self, batch: Batch) -> list[str]:
        return in_words(self._sitting.definition, batch, self._sitting.view.timezone)

    def _enable(self, is_enabled: bool) -> None:
        for box in self.query(Input):
            box.disabled = not is_enabled

    def _say_how(self) -> None:
        again = ", asks once more" if self._form.asks_again else ""
        defaults = any(field.default for field in self._form.fields)
        empty = " An empty field takes what it shows." if defaults else ""
        self._how = Line(f"{self._key('next')} goes on{again}.{empty} {self._key('back')} leaves.")
        self._show("how", [self._how])
        self.call_after_refresh(self._say_more)

    def _say_more(self) -> None:
        about = self.query_one(".about", VerticalScroll)
        self._show("how", [self._how, *more_above(about, self._key("page_down"), self._key("page_up"))])

    def _key(self, name: str) -> str:
        return key_at(self, f"entry.{name}")

    def _show(self, where: str, lines: list[Line]) -> None:
        self.query_one(f"#{where}", LineView).show(lines)


def boxed_title(title: str) -> str:
    """A title for the frame of a box, where square brackets would be read as markup."""
    return title.replace("[", "(").replace("]", ")")


def long_title(title: str, room: int) -> list[Line]:
    """The title again in full where the frame has no room for it."""
    return [Line(title, tone=Tone.STRONG)] if columns(title) > room else []


def more_above(about: VerticalScroll, down: str, up: str) -> list[Line]:
    """That the part above does not fit, in which direction it goes on, and with which key it is read."""
    ways = ways_on(round(about.scroll_offset.y), about.max_scroll_y, down, up)
    return [Line(f"The part above goes on {ways}.", tone=Tone.STRONG)] if ways else []


def scroll_about(about: VerticalScroll, direction: int) -> None:
    about.scroll_relative(y=direction * max(1, about.size.height - 1), animate=False)


def _placeholder(field: Field) -> str:
    if not field.default:
        return field.hint
    return f"{field.default}   ({field.hint})" if field.hint else field.default


def _option_lines(field: Field) -> list[Line]:
    """Numbered answers, as many to a line as fit."""
    if not field.options:
        return []
    parts = [unbroken(f"{number} {option.words}") for number, option in enumerate(field.options, start=1)]
    return [Line("    ".join(parts))]
