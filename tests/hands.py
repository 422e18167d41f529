"""Three ways to use a page: with a mouse, with a finger, with the keyboard alone."""

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from playwright.sync_api import Error, Locator, Page, expect

from hipcv.catalogues.words import texts
from tests.browser import settle

EN = texts("en")
_ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
"""By such a name the page knows a phone, and folds its menu once a page is chosen."""
_FOCUSED = """element => {
  let inner = document.activeElement;
  while (inner?.shadowRoot?.activeElement) inner = inner.shadowRoot.activeElement;
  return inner === element && element.tabIndex >= 0;
}"""

_WATCH_FOR_A_CLICK = """() => {
  window.clicked = false;
  document.addEventListener('click', () => { window.clicked = true; }, {once: true, capture: true});
}"""

_IS_CHOSEN = """(input, option) => {
  const list = input.closest('[data-testid=stSelectbox], [data-testid=stMultiSelect]');
  return input.value === option || list.innerText.includes(option);
}"""


class Hand:
    """What a person does, whatever they do it with; `press` differs."""

    options: Mapping[str, object] = MappingProxyType({})
    """How a window is opened for it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        """Press a button, follow a link, tick a box, unfold what is folded."""
        target.click()

    def button(self, key: str, **options: object) -> None:
        """Press the button with a text of the catalogue."""
        settle(self.page)
        self.press(self.page.get_by_role("button", name=EN[key], **options).first)
        settle(self.page)

    def unfold(self, key: str) -> None:
        """Unfold what is folded under a text of the catalogue; its content comes from the server only then."""
        settle(self.page)
        fold = self.page.locator("details", has=self.page.locator("summary", has_text=EN[key])).first
        self.press(fold.locator("summary").first)
        expect(fold.get_by_test_id("stExpanderDetails")).to_have_text(re.compile(r"\S"))
        settle(self.page)

    def write(self, key: str, text: str) -> None:
        """Fill in a field, and leave it, as only then does the page take it."""
        settle(self.page)
        field = self.page.get_by_role("textbox", name=EN[key])
        self.press(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Tab")
        settle(self.page)

    def choose(self, label: str, option: str) -> None:
        """Choose in a list; it closes when the page is drawn anew meanwhile, and is then opened again, as a person would."""
        settle(self.page)
        for _ in range(6):
            with suppress(Error):
                self._choose(label, option)
                settle(self.page)
                if self.page.get_by_label(label).evaluate(_IS_CHOSEN, option):
                    return
            self.page.keyboard.press("Escape")
        raise AssertionError(f"{option!r} cannot be chosen")

    def _choose(self, label: str, option: str) -> None:
        self.press(self.page.get_by_label(label))
        self.page.get_by_role("option", name=option).click(timeout=3_000)

    def download(self, key: str) -> bytes:
        """What a button gives to be kept."""
        settle(self.page)
        with self.page.expect_download() as coming:
            self.press(self.page.get_by_role("button", name=EN[key]))
        return Path(coming.value.path()).read_bytes()

    def give(self, files: object) -> None:
        """Give files, or one folder, to the control that takes them."""
        zone = self.page.get_by_test_id("stFileUploaderDropzone").first
        with self.page.expect_file_chooser() as asked:
            self.press(zone.get_by_test_id("stBaseButton-secondary"))
        asked.value.set_files(files)

    def go_to(self, name: str) -> None:
        """Open a page from the menu, which a phone keeps folded."""
        settle(self.page)
        link = self.page.get_by_test_id("stTopNavLink").filter(has_text=EN[f"app.page.{name}"]).first
        if not link.is_visible():
            if (folded := self.page.get_by_test_id("stExpandSidebarButton")).is_visible():
                self.press(folded)
            link = self.page.get_by_test_id("stSidebarNavLink").filter(has_text=EN[f"app.page.{name}"]).first
        self.press(link)
        self.page.get_by_role("heading", name=EN[f"{name}.title"], exact=True).wait_for()
        settle(self.page)

    def drag(self, name: str, dx: float, dy: float) -> None:
        """Drag a point of the stage by so many pixels of the screen."""
        x, y = self._middle(name)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx, y + dy, steps=6)
        self.page.mouse.up()

    def _middle(self, name: str) -> tuple[float, float]:
        """Where a point of the stage is on the screen; it is drawn anew when the film changes its size meanwhile."""
        handle = self.page.locator(f"[data-handle={name}] .ring")
        for _ in range(3):
            with suppress(Error):
                handle.scroll_into_view_if_needed(timeout=3_000)
        box = handle.bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def show_frame(self, frame: int) -> None:
        """Move the slider under the film to a frame: near it with the hand, then frame by frame."""
        slider = self.page.locator(".frame")
        slider.evaluate("slider => slider.scrollIntoView({ block: 'center' })")  # at the edge it may lie under the menu
        box, last = slider.bounding_box(), int(slider.get_attribute("max"))
        assert box
        self._touch_at(box["x"] + 8 + (box["width"] - 16) * frame / last, box["y"] + box["height"] / 2)
        while (now := int(slider.input_value())) != frame:
            self.press(self.page.get_by_role("button", name=EN[f"review.stage.{'next' if now < frame else 'previous'}_frame"]))

    def _touch_at(self, x: float, y: float) -> None:
        self.page.mouse.click(x, y)


class Mouse(Hand):
    """A mouse, as at a desk."""


class Finger(Hand):
    """A finger, as on a phone: taps and swipes, and no mouse at all."""

    options = MappingProxyType({"has_touch": True, "is_mobile": True, "user_agent": _ANDROID})

    def press(self, target: Locator) -> None:
        """Tap until it is a tap: where a busy machine lets the finger go too late, the browser takes it for a long press."""
        for _ in range(5):
            self.page.evaluate(_WATCH_FOR_A_CLICK)
            target.tap()
            if self._clicked():
                return
        raise AssertionError(f"{target} cannot be tapped")

    def _clicked(self) -> bool:
        for _ in range(20):
            with suppress(Error):  # a link may lead to another page just now
                if self.page.evaluate("window.clicked !== false"):
                    return True
            self.page.wait_for_timeout(100)
        return False

    def _choose(self, label: str, option: str) -> None:
        self.press(self.page.get_by_label(label))
        self.page.get_by_role("option", name=option).tap(timeout=3_000)

    def drag(self, name: str, dx: float, dy: float) -> None:
        x, y = (value + 10 for value in self._middle(name))  # beside the ring: a finger is wide
        touch = self.page.context.new_cdp_session(self.page)
        for kind, share in (("touchStart", 0), ("touchMove", 0.5), ("touchMove", 1), ("touchEnd", 1)):
            points = [] if kind == "touchEnd" else [{"x": x + share * dx, "y": y + share * dy}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def _touch_at(self, x: float, y: float) -> None:
        self.page.touchscreen.tap(x, y)


class Keys(Hand):
    """The keyboard alone: nothing is pressed that cannot have the focus."""

    def press(self, target: Locator) -> None:
        self._focus(target)
        if target.evaluate("element => element.matches('input, textarea')"):
            if target.get_attribute("type") in {"radio", "checkbox"}:
                self.page.keyboard.press("Space")
        else:
            self.page.keyboard.press("Enter")

    def _focus(self, target: Locator) -> None:
        target.focus()
        assert target.evaluate(_FOCUSED), f"the keyboard does not reach {target}"

    def _choose(self, label: str, option: str) -> None:
        self._focus(self.page.get_by_label(label))
        self.page.keyboard.insert_text(option)
        self.page.get_by_role("option", name=option).wait_for(timeout=3_000)
        self.page.keyboard.press("Enter")

    def drag(self, name: str, dx: float, dy: float) -> None:
        """By pixels of the image, ten at a time as far as that goes."""
        self._focus(self.page.locator(f"[data-handle={name}]"))
        for size, way in ((dx, "Right" if dx > 0 else "Left"), (dy, "Down" if dy > 0 else "Up")):
            tens, ones = divmod(round(abs(size)), 10)
            for key in [f"Shift+Arrow{way}"] * tens + [f"Arrow{way}"] * ones:
                self.page.keyboard.press(key)

    def show_frame(self, frame: int) -> None:
        slider = self.page.locator(".frame")
        self._focus(slider)
        while (now := int(slider.input_value())) != frame:
            self.page.keyboard.press("ArrowRight" if now < frame else "ArrowLeft")
