"""What a test may ask of an interactive figure on a page: a root with the class elboroom."""

DRAW_MS = 30_000

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
    root.scroll_into_view_if_needed()
    root.page.wait_for_function(
        "(root) => root.classList.contains('elboroom-drawn')", arg=root.element_handle(), timeout=DRAW_MS
    )
    root.page.wait_for_timeout(150)
    assert root.evaluate(COLOURS) > 3, "the figure is blank"


def is_movie(root):
    return root.locator(".elboroom-scrub").count() > 0


def assert_plays_and_scrubs(root):
    """A movie's play button moves it, and its scrubber leads to the first and the last frame."""
    page, scrub = root.page, root.locator(".elboroom-scrub")
    root.scroll_into_view_if_needed()
    play = root.locator(".elboroom-play")
    if play.get_attribute("aria-label") == "pause":
        play.click()
    last = int(scrub.get_attribute("max"))
    scrub.fill("0")
    page.wait_for_timeout(600)
    first_picture = root.evaluate(PICTURE)
    play.click()
    page.wait_for_function("(scrub) => Number(scrub.value) >= 1", arg=scrub.element_handle(), timeout=DRAW_MS)
    if play.get_attribute("aria-label") == "pause":
        play.click()
    scrub.fill(str(last))
    page.wait_for_timeout(600)
    assert scrub.input_value() == str(last)
    assert root.evaluate(PICTURE) != first_picture, "the last frame looks like the first"
    scrub.focus()
    page.keyboard.press("Home")
    page.wait_for_timeout(600)
    assert scrub.input_value() == "0"
    assert root.evaluate(PICTURE) == first_picture, "the first frame looks different when it is come back to"
