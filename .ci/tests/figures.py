"""What a test may ask of an interactive figure on a page: a root with the class elboroom."""

import re

from playwright.sync_api import expect

DRAW_MS = 30_000
CALM_MS = 500  # longer than any tween, which takes 420

# Colours in the largest canvas of a root, sampled on a grid; a blank has one.
COLOURS = """(root) => {
    const canvas = [...root.querySelectorAll("canvas")].sort((a, b) => b.width * b.height - a.width * a.height)[0];
    if (!canvas) return root.querySelectorAll("svg path").length;
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const seen = new Set();
    for (let i = 0; i < pixels.length; i += 4 * 7) if (pixels[i + 3]) seen.add((pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2]);
    return seen.size;
}"""

# A number that changes when the picture does.
PICTURE = """(root) => {
    let sum = 0;
    for (const canvas of root.querySelectorAll("canvas")) {
        const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        for (let i = 0; i < pixels.length; i += 4) sum = (sum * 31 + pixels[i] + 3 * pixels[i + 1] + 7 * pixels[i + 2]) % 4294967291;
    }
    return sum;
}"""


def assert_drawn(root):
    """The figure is on its stage, in more than one colour, and its poster gave way."""
    in_view(root)
    expect(root).to_have_class(re.compile("elboroom-drawn"), timeout=DRAW_MS)
    root.page.wait_for_timeout(150)
    assert root.evaluate(COLOURS) > 3, "the figure is blank"


def drawn(page, nth=0):
    """The n-th figure of a page, drawn."""
    root = page.locator(".elboroom").nth(nth)
    assert_drawn(root)
    return root


def pause(root):
    """Pauses a movie and waits until nothing moves."""
    stand_still(root)
    root.page.wait_for_timeout(CALM_MS)


def words(root, part):
    """The title, the caption or the numbers of a figure."""
    return root.locator(f".elboroom-{part}").text_content()


def in_view(root):
    root.evaluate("(root) => root.scrollIntoView({ block: 'center' })")


def is_movie(root):
    return root.locator(".elboroom-play").count() > 0


def stand_still(root):
    """Pauses a movie that plays."""
    play = root.locator(".elboroom-play")
    if play.get_attribute("aria-label") == "pause":
        play.click()


def picture_at(root, frame):
    """Scrubs to a frame and returns a number for what is seen there."""
    root.locator(".elboroom-scrub").fill(str(frame))
    root.page.wait_for_timeout(CALM_MS)
    return root.evaluate(PICTURE)


def assert_plays_and_scrubs(root):
    """A movie's play button moves it, and its scrubber and its keys lead to the first and the last frame."""
    scrub = root.locator(".elboroom-scrub")
    in_view(root)
    stand_still(root)
    first = picture_at(root, 0)
    root.locator(".elboroom-play").click()
    expect(scrub).not_to_have_value("0", timeout=DRAW_MS)
    stand_still(root)
    last = int(scrub.get_attribute("max"))
    assert picture_at(root, last) != first, "the last frame looks like the first"
    assert scrub.input_value() == str(last)
    scrub.focus()
    root.page.keyboard.press("Home")
    expect(scrub).to_have_value("0")
    root.page.wait_for_timeout(CALM_MS)
    assert root.evaluate(PICTURE) == first, "the first frame looks different when it is come back to"
