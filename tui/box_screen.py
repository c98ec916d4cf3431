"""A box over a screen that stays in sight and up to date behind it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.css.types import PointerShape
from textual.events import Resize, ScreenResume
from textual.geometry import Region, Size
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widget import Widget

from tui.staying_screen import StayingScreen


class BoxScreen(ModalScreen[None], StayingScreen):
    """What every box in front of a screen is; its background is transparent.

    It is laid out of sight and painted once, where it stands: the terminal shows the rest already. What is
    behind it is taken over line by line as it is drawn, and only where it comes to sight.
    """

    AUTO_FOCUS = ""

    def __init__(self) -> None:
        self._is_new = True
        self._is_all_in_front = False
        self._behind: dict[int, Strip] = {}
        self._laid_out_for = Size()
        super().__init__()

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
        self._behind.clear()
        if not self._is_new:
            return
        event.prevent_default()
        event.refresh_styles = False
        with self.painting_only():
            Screen._on_screen_resume(self, event)
        self.lay_out()
        self._forget_repaints()

    def _compositor_refresh(self) -> None:
        if self.app._batch_count or not self.is_active:
            return super()._compositor_refresh()
        dirty, covered = self._compositor._dirty_regions, self.covered()
        if self._is_new and covered:
            self._is_new = False
            dirty.update(covered)
        self._is_all_in_front = all(_is_within(region, covered) for region in dirty)
        super()._compositor_refresh()
        self._is_all_in_front = False

    def render_lines(self, crop: Region) -> list[Strip]:
        if self._is_all_in_front or self not in self.app.screen_stack:
            return [Strip.blank(crop.width)] * crop.height
        if not self.is_active:
            self._behind.clear()  # what has changed is told to the foremost screen alone
        self._draw_behind({y for y in crop.line_range if y not in self._behind})
        return [self._behind[y].crop(crop.x, crop.right) for y in crop.line_range]

    def _draw_behind(self, rows: set[int]) -> None:
        """The lines of the screen behind as it stands, without what the mouse could act on."""
        if not rows:
            return
        stack = self.app.screen_stack
        behind, width = stack[stack.index(self) - 1]._compositor, self.size.width
        chops = behind._render_chops(
            Region(0, min(rows), width, max(rows) + 1 - min(rows)), rows.__contains__
        )
        for y in rows:
            strips = chops[y].values() if y < len(chops) else ()  # a window that grows is laid out here first
            self._behind[y] = Strip.join(strips).discard_meta().adjust_cell_length(width)

    def _set_dirty(self, *regions: Region) -> None:
        super()._set_dirty(*regions)
        if not regions:
            self._behind.clear()
        for y in {y for region in regions for y in region.line_range}:
            self._behind.pop(y, None)


def _is_within(region: Region, others: Iterable[Region]) -> bool:
    return any(other.contains_region(region) for other in others)
