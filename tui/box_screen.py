"""A box over a screen that stays in sight and up to date behind it."""

from __future__ import annotations

from operator import itemgetter

from textual.css.types import PointerShape
from textual.events import Resize, ScreenResume
from textual.geometry import Region, Size
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widget import Widget

from tui.painting import Painter, Pieces, Spans
from tui.staying_screen import StayingScreen


class BoxScreen(ModalScreen[None], StayingScreen):
    """What every box in front of a screen is; its background is transparent.

    It is laid out of sight and painted once, where it stands: the terminal shows the rest already. What is
    behind it is painted by the screen behind, and only where it comes to sight.
    """

    AUTO_FOCUS = ""

    def __init__(self) -> None:
        self._is_new = True
        self._laid_out_for = Size()
        super().__init__()
        self._compositor = Painter(self._behind)

    def lay_out(self) -> None:
        """For the window as it is; out of sight as well."""
        self._laid_out_for = self.app.size
        self._refresh_layout(self.app.size)

    def forget_changes(self) -> None:
        """What has changed out of sight is painted with all the rest, once, when the box comes to sight."""
        self._compositor._dirty_regions.clear()
        self._exchange_repaint_regions()
        self._forget_repaints()

    def _forget_repaints(self) -> None:
        for widget in self.walk_children(Widget):
            widget._exchange_repaint_regions()

    def on_resize(self, event: Resize) -> None:
        """A screen hears of its own size as well, and would be laid out again with all that are behind it."""
        if event.size == self._laid_out_for:
            event.prevent_default()
        self._laid_out_for = event.size

    def _watch__pointer_shape(self, pointer_shape: PointerShape) -> None:
        if self.is_active:  # out of sight it says nothing to the terminal
            super()._watch__pointer_shape(pointer_shape)

    def covered(self) -> list[Region]:
        """Where something stands in front of the screen behind, as it was laid out last."""
        visible = self._compositor.visible_widgets.items()
        regions = (region.intersection(clip) for widget, (region, clip) in visible if widget is not self)
        return [region for region in regions if region]

    def left_to_paint(self) -> list[Region]:
        """What has to be painted of the screen behind once the box has gone."""
        waiting = (*self._compositor._dirty_regions, *self._repaint_regions, *self._uncovered)
        return [*self.covered(), *waiting]

    def _on_screen_resume(self, event: ScreenResume) -> None:
        """Come to sight in one layout and one painting."""
        if not self._is_new:
            return
        event.prevent_default()
        event.refresh_styles = False
        with self.painting_only():
            Screen._on_screen_resume(self, event)
        self.lay_out()
        self._forget_repaints()

    def _compositor_refresh(self) -> None:
        if not self.app._batch_count and self.is_active and self._is_new and (covered := self.covered()):
            self._is_new = False
            self._compositor._dirty_regions.update(covered)
        super()._compositor_refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """What is to be seen of the screen behind, where all of the window is drawn."""
        found = self._behind({y: [crop.column_span] for y in crop.line_range})
        rows = (sorted(found.get(y, ()), key=itemgetter(0)) for y in crop.line_range)
        return [Strip.join(strip for _, strip in row).adjust_cell_length(crop.width) for row in rows]

    def _behind(self, spans: Spans) -> Pieces:
        """The screen behind as it stands, without what the mouse could act on."""
        stack = self.app.screen_stack
        behind = stack[stack.index(self) - 1]._compositor if self in stack else None
        if not isinstance(behind, Painter):
            return {y: [(x1, Strip.blank(x2 - x1)) for x1, x2 in row] for y, row in spans.items()}
        return {y: [(x, strip.discard_meta()) for x, strip in row] for y, row in behind.pieces(spans).items()}
