"""What a reader brings to a figure: a dark room, a keyboard, a screen reader, fingers, paper, a projector, a long page."""

import base64

import pytest
from figures import CALM_MS, PICTURE, drawn, in_view, pause, words

ZOOM = "(r) => r.elboroom.view.chart.getOption().dataZoom.map((z) => [z.start, z.end])"
HIT = 24  # px, the smallest control
FINGER = 40  # px, the smallest control under a finger
CONTRAST = 4.5  # of letters
AWAKE = 12  # figures that keep their pixels unseen
MEGABYTES = 60  # of JavaScript for thirty figures; they take about 20

# The contrast of an element's letters with the paper of its figure, by WCAG 2.1.
CONTRAST_OF = """(el) => {
    const root = el.closest(".elboroom"), over = getComputedStyle(el).backgroundColor;
    const rgb = (c) => c.match(/[\\d.]+/g).map(Number);
    const light = (c) => rgb(c).slice(0, 3).map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = rgb(over)[3] === 0 ? getComputedStyle(root).backgroundColor : over;
    const [a, b] = [light(getComputedStyle(el).color), light(ground)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
}"""


def ground(page, colour):
    page.evaluate("(c) => { document.body.style.background = c; }", colour)
    page.wait_for_timeout(200)


def test_a_dark_ground_makes_a_dark_figure(show, engine, fragment, screens):
    page = show(body=f"<script>document.body.style.background = '#111';</script>{fragment('panels')}{fragment('figure')}{engine}")
    roots = [drawn(page, i) for i in range(2)]
    dark = [r.evaluate(PICTURE) for r in roots]
    ground(page, "white")
    light = [r.evaluate(PICTURE) for r in roots]
    for root in roots:
        for el in root.locator(".elboroom-title, .elboroom-numbers, .elboroom-name").all():
            assert el.evaluate(CONTRAST_OF) >= CONTRAST
    ground(page, "#111")
    assert [r.evaluate(PICTURE) for r in roots] == dark != light, "as if it had been dark from the start"
    for root in roots:
        for el in root.locator(".elboroom-title, .elboroom-numbers, .elboroom-name").all():
            assert el.evaluate(CONTRAST_OF) >= CONTRAST
        assert root.evaluate("(r) => getComputedStyle(r).colorScheme") == "dark"
    keys = page.locator(".elboroom-name .elboroom-tip-key").evaluate_all("(keys) => keys.map((k) => k.style.background)")
    assert "rgb(86, 180, 233)" in keys and "rgb(0, 114, 178)" not in keys
    page.screenshot(path=screens / "player-dark.png", full_page=True)
    corner = "(r) => [...r.querySelector('canvas').getContext('2d').getImageData(2, 2, 1, 1).data.slice(0, 3)]"
    page = show("dark")
    ground(page, "white")
    assert drawn(page).evaluate(corner) == [20, 22, 26], "a figure that asks for the dark theme keeps it"
    page = show("panels")
    assert drawn(page).evaluate(corner) == [255, 255, 255], "a saved page has the ground of its theme"


def test_keys_zoom_move_and_reach_every_control(show, engine, fragment):
    page = show(body=fragment("panels") + fragment("movie") + fragment("explorer") + engine)
    panels, movie = drawn(page), drawn(page, 1)
    pause(movie)
    before = panels.evaluate(PICTURE)
    panels.focus()
    page.keyboard.press("ArrowRight")
    assert panels.evaluate(ZOOM)[0] == [0, 100], "there is nothing to move in a whole window"
    page.keyboard.press("+")
    page.keyboard.press("Shift++")
    [start, end] = panels.evaluate(ZOOM)[0]
    assert abs(end - start - 49) < 1e-6 and abs(start + end - 100) < 1e-6
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    page.set_viewport_size({"width": 800, "height": 900})
    page.wait_for_timeout(200)
    assert panels.evaluate(ZOOM)[0] == pytest.approx([51, 100]), "moved to the end, and kept at another width"
    page.set_viewport_size({"width": 1100, "height": 900})
    page.keyboard.press("-")
    page.keyboard.press("0")
    page.wait_for_timeout(200)
    assert panels.evaluate(PICTURE) == before
    assert not panels.locator(".elboroom-reset").is_visible()
    movie.focus()
    at = movie.locator(".elboroom-scrub").input_value()
    page.keyboard.press("+")
    page.keyboard.press("Shift+ArrowUp")
    assert movie.evaluate(ZOOM)[1] == pytest.approx([29, 99]) and movie.locator(".elboroom-scrub").input_value() == at

    page.evaluate("() => { window.heard = []; document.addEventListener('keydown', (e) => heard.push(e.key)); }")
    for key in ("x", "d", "0", "Shift+M", "Escape", "Shift+Enter"):
        page.keyboard.press(key)
    assert page.evaluate("() => heard.filter((k) => k !== 'Shift')") == ["Escape", "Enter"], "letters and digits would cut or delete a cell"

    page.locator("body").evaluate("(b) => { b.tabIndex = -1; b.focus(); }")
    reached = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        seen = page.evaluate("""() => {
            const el = document.activeElement, style = getComputedStyle(el);
            return el === document.body ? null : [el.className, style.outlineStyle, parseFloat(style.outlineWidth), parseFloat(style.opacity)];
        }""")
        if seen is None:
            break
        reached += 1
        assert seen[1] != "none" and seen[2] >= 1 and seen[3] == 1, f"{seen[0]} does not show that it has the focus"
    controls = page.locator(".elboroom, .elboroom button:not([hidden]), .elboroom input, .elboroom select").count()
    assert reached == controls, "Tab leads to every control"


def test_corner_buttons(show, screens):
    page = show("figure", width=1920)
    root = drawn(page)
    page.mouse.move(5, 5)
    zoom, save, full = (root.locator(f".elboroom-{name}") for name in ("zoom", "save", "full"))
    assert zoom.evaluate("(b) => getComputedStyle(b).opacity") == "0"
    with page.expect_download() as download:
        save.click()
    assert download.value.suggested_filename == "two-bumps.png"
    saved = page.evaluate("""async ([bytes]) => {
        const pixels = async (src) => {
            const image = new Image();
            image.src = src;
            await image.decode();
            const c = document.createElement("canvas");
            c.width = 480; c.height = 270;
            const ctx = c.getContext("2d");
            ctx.imageSmoothingQuality = "high";
            ctx.drawImage(image, 0, 0, 480, 270);
            return [image.naturalWidth, image.naturalHeight, ctx.getImageData(0, 0, 480, 270).data];
        };
        const [w, h, a] = await pixels("data:image/png;base64," + bytes), [, , b] = await pixels(document.querySelector(".elboroom-poster").src);
        let far = 0;
        for (let i = 0; i < a.length; i += 4) if (Math.max(...[0, 1, 2].map((k) => Math.abs(a[i + k] - b[i + k]))) > 60) far++;
        const ink = (d) => { let sum = 0; for (let i = 0; i < 4 * 480 * 42; i += 4) sum += 255 - d[i]; return sum; }; // of title, caption and numbers
        return [w, h, far / (a.length / 4), ink(a) / ink(b)];
    }""", [base64.b64encode(download.value.path().read_bytes()).decode()])
    assert saved[:2] == [1920, 1080] and saved[2] < 0.03 and abs(saved[3] - 1) < 0.1, f"the file is not the slide with its words: {saved}"
    zoom.click()
    zoomed = root.evaluate(ZOOM)
    assert zoomed[0] != [0, 100]
    full.click()
    page.wait_for_function("() => document.fullscreenElement && document.querySelector('.elboroom canvas').width > 1250")
    assert root.evaluate(ZOOM) == zoomed
    page.wait_for_timeout(200)
    assert root.evaluate("(r) => document.activeElement === r"), "the next key must be the figure's, not the button's"
    page.screenshot(path=screens / "player-full.png")
    bar = root.locator(".elboroom-bar")
    below = bar.evaluate("(b) => b.getBoundingClientRect().bottom - innerHeight")
    assert below <= 0 and bar.evaluate("(b) => parseFloat(getComputedStyle(b).fontSize)") >= 20
    full.click()
    page.wait_for_function("() => !document.fullscreenElement")
    page.wait_for_timeout(200)
    assert root.locator(".elboroom-stage").bounding_box()["width"] <= 1080


def test_a_screen_reader_hears_the_figure(show, engine, fragment):
    page = show(body=fragment("movie") + fragment("explorer") + fragment("panels") + engine)
    movie, explorer, panels = (drawn(page, i) for i in range(3))
    pause(movie)
    for root, name in ((movie, "movie: Two bumps"), (explorer, "picture with sliders: Move the sliders"), (panels, "figure: Panels")):
        assert page.get_by_role("group", name=name, exact=True).count() == 1
        image = root.get_by_role("img")
        assert image.count() == 1 and len(image.get_attribute("aria-label")) > 40
        assert image.locator("button, input").count() == 0, "what stands in an image is not heard"
    assert movie.get_by_role("img").get_attribute("aria-label").startswith("A movie of 40 frames. It begins with: Two bumps.")
    for name in ("play", "one step on", "one step back", "loop", "save this picture as PNG", "full screen (f)"):
        assert movie.get_by_role("button", name=name, exact=True).count() == 1, name
    assert explorer.get_by_role("slider", name="mean").get_attribute("aria-valuetext") == "0"
    movie.evaluate("""(root) => {
        window.heard = [];
        new MutationObserver(() => window.heard.push(root.querySelector(".elboroom-spoken").textContent)).observe(root.querySelector(".elboroom-spoken"), { childList: true, subtree: true, characterData: true });
    }""")
    movie.locator(".elboroom-speed").select_option("4")
    movie.locator(".elboroom-play").click()
    page.wait_for_function("(s) => Number(s.value) > 4", arg=movie.locator(".elboroom-scrub").element_handle())
    assert page.evaluate("window.heard") == [], "a movie that plays is silent"
    movie.locator(".elboroom-play").click()
    page.wait_for_timeout(50)
    assert page.evaluate("window.heard") == [f"{words(movie, 'caption')}, {words(movie, 'numbers')}"], "where it stops is said once"
    movie.locator(".elboroom-scrub").focus()
    page.keyboard.press("ArrowRight")
    assert len(page.evaluate("window.heard")) == 1, "the slider in focus speaks for itself"
    assert words(movie, "caption") in movie.locator(".elboroom-scrub").get_attribute("aria-valuetext")


@pytest.mark.parametrize("width", [420, 1100])
def test_controls_are_large_enough_and_cover_no_words(show, engine, fragment, width, screens):
    page = show(body=fragment("movie") + fragment("explorer") + engine, width=width)
    pause(drawn(page))
    drawn(page, 1)
    for el in page.locator(".elboroom button:not([hidden]), .elboroom input, .elboroom select").all():
        box = el.bounding_box()
        assert min(box["width"], box["height"]) >= HIT, f"{el.get_attribute('class')} is {box['width']:.0f}×{box['height']:.0f}"
    numbers = page.locator(".elboroom-numbers").first.bounding_box()
    tools = page.locator(".elboroom-tools").first.bounding_box()
    assert tools["y"] + tools["height"] <= numbers["y"] + 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    page.screenshot(path=screens / f"player-controls-{width}.png", full_page=True)


def test_fingers_zoom_move_and_scrub(browser_process, offline, pages):
    context = browser_process.new_context(viewport={"width": 420, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    send = context.new_cdp_session(page).send

    def touch(kind, *points):
        send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]})
        page.wait_for_timeout(20)

    page.goto((pages / "movie.html").as_uri())
    root = drawn(page)
    pause(root)
    box = root.locator(".elboroom-stage").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 0.6 * box["height"]
    touch("touchStart", (x - 20, y), (x + 20, y))
    for k in range(1, 8):
        touch("touchMove", (x - 20 - 5 * k, y), (x + 20 + 5 * k, y))
    touch("touchEnd")
    page.wait_for_timeout(200)
    [start, end] = root.evaluate(ZOOM)[0]
    assert end - start < 70, "two fingers that part zoom in"
    assert page.evaluate("visualViewport.scale") == 1, "and only the figure"
    touch("touchStart", (x, y))
    for k in range(1, 8):
        touch("touchMove", (x - 8 * k, y))
    touch("touchEnd")
    page.wait_for_timeout(200)
    [moved, _] = root.evaluate(ZOOM)[0]
    assert moved > start + 5, "one finger moves a zoomed window"
    page.touchscreen.tap(*middle(root.locator(".elboroom-reset")))
    page.wait_for_timeout(200)
    assert root.evaluate(ZOOM)[0] == [0, 100]
    scrub = root.locator(".elboroom-scrub").bounding_box()
    page.touchscreen.tap(scrub["x"] + 0.5 * scrub["width"], scrub["y"] + scrub["height"] / 2)
    assert 16 <= int(root.locator(".elboroom-scrub").input_value()) <= 23
    tools = root.locator(".elboroom-tools").bounding_box()
    assert tools["y"] >= box["y"] + box["height"], "without a pointer the buttons stand below the picture"
    assert root.locator(".elboroom-save").bounding_box()["height"] >= FINGER
    context.close()


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_paper_gets_every_poster(show, engine, fragment):
    page = show(body=f"<script>document.body.style.background = '#111';</script>{fragment('movie')}{fragment('explorer')}{fragment('panels')}{engine}")
    for i in range(3):
        drawn(page, i)
    page.emulate_media(media="print")
    assert page.locator(".elboroom-poster:visible").count() == 3
    assert page.locator(".elboroom canvas:visible, .elboroom button:visible, .elboroom input:visible, .elboroom-hint:visible").count() == 0
    pdf = page.pdf()
    assert pdf.count(b"/Subtype /Image") >= 3 and pdf.count(b"/Type /Page\n") <= 3


def test_a_reader_without_scripts_sees_the_posters(browser_process, offline, pages):
    context = browser_process.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((pages / "movie.html").as_uri())
    assert page.locator(".elboroom-poster").bounding_box()["width"] > 900
    assert page.locator(".elboroom-poster").get_attribute("alt").startswith("A movie of 40 frames")
    assert "run the set-up cell" in page.locator(".elboroom-hint").text_content()
    context.close()


def test_a_page_that_is_zoomed_stays_sharp(show):
    page = show("figure", width=2400)
    root = drawn(page)
    assert root.locator("canvas").evaluate("(c) => c.width") == 1080
    send = page.context.new_cdp_session(page).send
    send("Emulation.setDeviceMetricsOverride", {"width": 1200, "height": 450, "deviceScaleFactor": 2, "mobile": False})  # as Ctrl and + do
    page.wait_for_timeout(300)
    assert root.locator(".elboroom-stage").bounding_box()["width"] == 1080, "the same width in the page's own pixels"
    assert root.locator("canvas").evaluate("(c) => c.width") == 2160


def test_thirty_figures_on_a_page(show, engine, fragment):
    names = ("movie", "panels", "explorer", "figure") * 8
    page = show(body="".join(map(fragment, names)) + engine)
    send = page.context.new_cdp_session(page).send
    first = drawn(page, 1)
    first.focus()
    page.keyboard.press("+")
    page.wait_for_timeout(100)
    picture, zoom = first.evaluate(PICTURE), first.evaluate(ZOOM)
    late = []
    for i in range(len(names)):
        root = page.locator(".elboroom").nth(i)
        began = page.evaluate("performance.now()")
        in_view(root)
        page.wait_for_function("(r) => r.elboroom && r.elboroom.view.chart", arg=root.element_handle())
        late.append(page.evaluate("performance.now()") - began)
    page.wait_for_timeout(200)
    kept = page.locator(".elboroom-drawn").evaluate_all("(roots) => roots.filter((r) => r.elboroom.view.chart).length")
    assert kept <= AWAKE + 5, "what nobody sees gives its pixels back"
    send("HeapProfiler.collectGarbage")
    heap = send("Runtime.getHeapUsage")["usedSize"] / 1e6
    print(f"{len(names)} figures: {heap:.0f} MB of JavaScript, {kept} with pixels, each {sorted(late)[len(late) // 2]:.0f} ms after it is scrolled to")
    assert heap < MEGABYTES
    in_view(first)
    page.wait_for_timeout(CALM_MS)
    assert first.evaluate(ZOOM) == zoom and first.evaluate(PICTURE) == picture, "it comes back as it was left"


def test_what_leaves_the_page_leaves_nothing_behind(show, engine, fragment):
    page = show(body="<div id=cells>" + fragment("movie") + fragment("panels") + fragment("explorer") + "</div>" + engine)
    for i in (2, 1, 0):
        drawn(page, i)
    page.evaluate("""() => {
        const scrub = document.querySelector(".elboroom-scrub");
        if (document.querySelector(".elboroom-play").getAttribute("aria-label") === "play") document.querySelector(".elboroom-play").click();
        Object.defineProperty(document, "hidden", { configurable: true, value: true });
        document.dispatchEvent(new Event("visibilitychange"));
        window.at = scrub.value;
    }""")
    page.wait_for_timeout(1500)
    assert page.evaluate("document.querySelector('.elboroom-scrub').value === window.at"), "a movie plays in a window that nobody sees"
    page.evaluate("() => { delete document.hidden; document.dispatchEvent(new Event('visibilitychange')); }")
    page.wait_for_function("() => document.querySelector('.elboroom-scrub').value !== window.at")
    page.evaluate("""() => {
        window.weak = [...document.querySelectorAll(".elboroom")].map((root) => new WeakRef(root));
        document.querySelector("#cells").remove();
    }""")
    send = page.context.new_cdp_session(page).send
    for _ in range(10):
        send("HeapProfiler.collectGarbage")
        page.wait_for_timeout(100)
        if not page.evaluate("window.weak.some((w) => w.deref())"):
            return
    raise AssertionError("figures that are gone stay in memory")
