"""The pathway browser: a list of everything on the left, the chosen element in full on the right."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.widgets import Input, Static

from pathway.engine.view import View
from pathway.language.definition import Definition
from pathway.language.uses import Element, Sort
from tui.browsing.book import Book
from tui.browsing.catalogue import NO_HIT, Entry, Group, PageRow, catalogue, folded_rows, hit_rows, searchable
from tui.browsing.pages import page_of
from tui.browsing.row_list import RowList
from tui.keymap import key_at
from tui.lines import Line, columns, cut
from tui.presenting import case_title
from tui.staying_screen import StayingScreen
from tui.widgets.keys import Keys
from tui.widgets.line_view import Bar
from tui.window import HEIGHT, WIDTH, drained, is_too_small

NOTHING = "Choose something on the left, or search with {} : a name, a title, a word, a source's id."
FINDING = "search: name, title, any word, source id"


TYPED = ("search", "back", "leave", "end")  # actions whose keys are text while the search has the focus


def _key(key: str, action: str, description: str, id: str, shown: bool = False) -> Binding:
    """A binding that is dealt with in the order of typing, before the next key is looked at."""
    return Binding(key, action, description, show=shown, id=id, priority=True)


@dataclass(frozen=True, slots=True)
class Visit:
    """A page that was left, with where it stood."""

    element: Element
    highlighted: int | None
    scroll: int


class BrowserScreen(StayingScreen):
    """Everything a definition says; with a view, how it stands in the case. Nothing can be entered here."""

    CSS = """
    BrowserScreen.-thin .shown, BrowserScreen.-short .shown { display: none; }
    BrowserScreen Bar { background: #1F2A37; color: #FFFFFF; }
    BrowserScreen .where { background: #2B3848; }
    BrowserScreen #browse-title { text-style: bold; }
    BrowserScreen #browse-body { height: 1fr; }
    BrowserScreen #browse-left { width: 2fr; }
    BrowserScreen #browse-right { width: 3fr; border-left: solid $rule; }
    BrowserScreen #browse-search { height: 1; border: none; padding: 0 1; background: $field; color: $words; }
    BrowserScreen #browse-search:focus { background: #0A589A; color: #FFFFFF; }
    BrowserScreen #browse-search > .input--placeholder { color: $hint; }
    BrowserScreen #browse-search:focus > .input--placeholder { color: #FFFFFF; }
    BrowserScreen RowList { height: 1fr; background: $ground; color: $words; scrollbar-size-vertical: 1;
        overflow-x: hidden; overflow-y: scroll; }
    BrowserScreen.-normal #browse-left, BrowserScreen.-normal #browse-right { width: 1fr; border: none; }
    BrowserScreen.-normal #browse-right { display: none; }
    BrowserScreen.-normal #browse-body.-page #browse-left { display: none; }
    BrowserScreen.-normal #browse-body.-page #browse-right { display: block; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        _key("slash", "search", "Search", "browse.search", shown=True),
        _key("enter", "open", "Open", "browse.open", shown=True),
        _key("backspace", "back", "Back", "browse.back", shown=True),
        _key("tab,shift+tab", "other_side", "Other side", "browse.side"),
        _key("up", "move(-1)", "Up", "browse.up"),
        _key("down", "move(1)", "Down", "browse.down"),
        _key("pageup", "page(-1)", "Page up", "browse.page_up"),
        _key("pagedown", "page(1)", "Page down", "browse.page_down"),
        _key("home", "end(0)", "First", "browse.first"),
        _key("end", "end(1)", "Last", "browse.last"),
        _key("escape,ctrl+g", "step_out", "Step out", "browse.out"),
        _key("q", "leave", "Leave", "browse.leave", shown=True),
    ]

    def __init__(self, definition: Definition, view: View | None = None) -> None:
        super().__init__()
        self.book = Book(definition, view)
        self.element: Element | None = None
        self.visited: list[Visit] = []
        self._entries: tuple[Entry, ...] = ()
        self._opened: frozenset[Sort] = frozenset()

    def compose(self) -> ComposeResult:
        if self.book.view is not None:
            yield Bar(id="browse-case", classes="shown")
        yield Bar(id="browse-title", classes="shown")
        with Horizontal(id="browse-body", classes="shown"):
            with Vertical(id="browse-left"):
                yield Input(placeholder=FINDING, id="browse-search", compact=True)
                yield RowList(id="browse-list", is_numbered=False)
            with Vertical(id="browse-right"):
                yield Bar(id="browse-where", classes="where")
                yield RowList(id="browse-page", is_numbered=True)
        yield Keys()
        yield Static("", id="small", markup=False)

    def on_mount(self) -> None:
        if self.book.view is not None:
            self.query_one("#browse-case", Bar).show(f" {case_title(self.book.view)}", "READ ONLY ")
        self._entries = catalogue(self.book)
        self._list.show(folded_rows(self.book, self._entries, self._opened))
        self._list.highlight_first()
        self._page.show([PageRow(Line(NOTHING.format(key_at(self, "browse.search"))))])
        self.set_focus(self._list)
        self.call_after_refresh(lambda: self._searchable)

    @cached_property
    def _searchable(self) -> tuple[Entry, ...]:
        """All that a search looks at; gathered once the first picture is on show."""
        return searchable(self.book, self._entries)

    @property
    def _list(self) -> RowList:
        return self.query_one("#browse-list", RowList)

    @property
    def _page(self) -> RowList:
        return self.query_one("#browse-page", RowList)

    @property
    def _search(self) -> Input:
        return self.query_one("#browse-search", Input)

    @property
    def _is_on_page(self) -> bool:
        return self.query_one("#browse-body").has_class("-page")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is typed into the search is text; a window too small takes only the keys that leave."""
        if self.focused is self._search and action in TYPED:
            return False
        return action in ("leave", "step_out") or not is_too_small(self.app)

    def on_resize(self, event: Resize) -> None:
        here, needed = f"{event.size.width}x{event.size.height}", f"{WIDTH}x{HEIGHT}"
        what = f"This window is {here}. The pathway browser needs {needed} or more."
        text = f"{what} Enlarge it, or leave ({key_at(self, 'browse.leave')})."
        self.query_one("#small", Static).update(text)
        self._show_title(event.size.width)

    def _show_title(self, width: int) -> None:
        """Title and version, and on the right, where nothing is ever cut, the status."""
        definition = self.book.definition
        stamp = definition.stamp or f"status: {definition.status}"
        room = width - columns(stamp) - 5
        version = f" {definition.version} ({definition.digest[:8]})"
        if columns(definition.title + version) > room:
            version = f" {definition.version}"
        title = cut(definition.title, max(1, room - columns(version)))
        self.query_one("#browse-title", Bar).show(f" {title}{version}", f"{stamp} ")

    # --- choosing ---------------------------------------------------------------------------------
    @on(RowList.Chosen)
    def _clicked(self, event: RowList.Chosen) -> None:
        self._choose(event.key)

    def _choose(self, key: Hashable | None) -> None:
        match key:
            case Group(sort=sort):
                self._opened ^= {sort}
                at, scroll = self._list.highlighted, round(self._list.scroll_y)
                self._list.show(folded_rows(self.book, self._entries, self._opened), at, scroll)
            case Element() as element:
                self.visit(element)
            case _:
                pass

    def visit(self, element: Element) -> None:
        """Show the page of an element and remember the one that is left."""
        if self.element is not None and self.element != element:
            page = self._page
            self.visited.append(Visit(self.element, page.highlighted, round(page.scroll_y)))
        self._show(element)

    def _show(self, element: Element, highlighted: int | None = None, scroll: int = 0) -> None:
        self.element = element
        self._page.show(page_of(self.book, element).rows, highlighted, scroll)
        key = key_at(self, "browse.back")
        back = f"{len(self.visited)} back ({key}) " if self.visited else ""
        self.query_one("#browse-where", Bar).show(f" {element.sort.value}: {self.book.named(element)}", back)
        self.query_one("#browse-body").add_class("-page")
        self.set_focus(self._page)

    def action_back(self) -> None:
        """The page visited before; from the first one, the list."""
        if not self._is_on_page or self.focused is self._list:
            return
        if self.visited:
            last = self.visited.pop()
            self._show(last.element, last.highlighted, last.scroll)
        else:
            self._show_list()

    def _show_list(self) -> None:
        self.query_one("#browse-body").remove_class("-page")
        self.set_focus(self._list)

    def action_other_side(self) -> None:
        """From the search or the list to the page, where there is one, and from the page to the list."""
        if self.focused is self._page or self.element is None:
            self._show_list()
        else:
            self.query_one("#browse-body").add_class("-page")
            self.set_focus(self._page)

    # --- searching --------------------------------------------------------------------------------
    def action_search(self) -> None:
        """Type into the search; what was typed before is replaced."""
        self._show_list()
        self._search.value = ""
        self.set_focus(self._search)

    @on(Input.Changed)
    def _narrow(self) -> None:
        query = self._search.value.strip()
        if not query:
            self._list.show(folded_rows(self.book, self._entries, self._opened))
        else:
            hits = hit_rows(self.book, self._searchable, query)
            self._list.show(hits or [PageRow(Line(NO_HIT, indent=1))])
        self._list.highlight_first()

    # --- keys -------------------------------------------------------------------------------------
    async def action_open(self) -> None:
        """Open what is highlighted; in the search, go to the best hit, which a second Enter opens."""
        rows = await self._rows_in_focus()
        if rows is not None:
            self._choose(rows.highlighted_key)

    async def action_move(self, step: int) -> None:
        rows = await self._rows_in_focus()
        if rows is not None:
            rows.action_move(step)

    async def action_page(self, step: int) -> None:
        rows = await self._rows_in_focus()
        if rows is not None:
            rows.action_page(step)

    async def action_end(self, last: int) -> None:
        rows = await self._rows_in_focus()
        if rows is not None:
            rows.action_end(last)

    async def _rows_in_focus(self) -> RowList | None:
        """The rows that take the key, once all keys typed before it are dealt with; from the search, its
        hits get the focus and the key does no more than that."""
        focused = self.focused
        if focused is not None:
            await drained(focused)
        if focused is self._search:
            self._narrow()
            self.set_focus(self._list)
        return focused if isinstance(focused, RowList) else None

    def action_step_out(self) -> None:
        """Out of the search, then out of the page, then out of the browser."""
        if self.focused is self._search or (self._search.value and self.focused is self._list):
            self._search.value = ""
            self.set_focus(self._list)
        elif self._is_on_page and not is_too_small(self.app):
            self._show_list()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        self.dismiss()
