"""The interactive figures in a real Chromium with no network: drawn, played, scrubbed, hovered, zoomed, resized."""

import pytest
from figures import CALM_MS, COLOURS, DRAW_MS, PICTURE, assert_plays_and_scrubs, drawn, pause, words


def test_a_movie_plays_scrubs_and_steps(show, screens):
    page = show("movie")
    root = drawn(page)
    assert_plays_and_scrubs(root)
    pause(root)
    scrub = root.locator(".elboroom-scrub")
    scrub.fill("3")
    assert words(root, "caption") == "sweep 3 · q(μ₁) moved"
    assert words(root, "numbers") == "gap 3.77 nats"
    root.locator(".elboroom-next").click()
    assert words(root, "caption").startswith("sweep 4"), "words must jump, not wait for the tween"
    root.locator(".elboroom-back").click()
    root.locator(".elboroom-back").click()
    assert scrub.input_value() == "2"
    assert root.locator(".elboroom-spoken").text_content().startswith("sweep 2")
    assert scrub.get_attribute("aria-valuetext").startswith("frame 3 of 40: sweep 2")
    root.screenshot(path=screens / "player-movie.png")


def test_keys_move_the_movie_in_focus_and_nothing_else(show, engine, fragment):
    page = show(body=fragment("movie") + fragment("movie") + engine)
    page.evaluate("document.addEventListener('keydown', (e) => { window.seen = (window.seen || '') + e.key; }, true)")
    first, second = drawn(page), drawn(page, 1)
    pause(first)
    pause(second)
    for root in (first, second):
        root.locator(".elboroom-scrub").fill("5")
    first.focus()
    for key, at in (("ArrowRight", "6"), ("ArrowRight", "7"), ("ArrowLeft", "6"), ("End", "39"), ("Home", "0")):
        page.keyboard.press(key)
        assert first.locator(".elboroom-scrub").input_value() == at, key
    page.keyboard.press("Space")
    assert first.locator(".elboroom-play").get_attribute("aria-label") == "pause"
    page.keyboard.press("Space")
    assert second.locator(".elboroom-scrub").input_value() == "5"
    first.locator(".elboroom-play").focus()
    for label in ("pause", "play"):
        page.keyboard.press("Enter" if label == "pause" else "Space")
        assert first.locator(".elboroom-play").get_attribute("aria-label") == label
    assert page.evaluate("window.seen") is None, "the page's own shortcuts saw keys of the figure"
    first.focus()
    page.keyboard.press("Shift+Enter")
    assert page.evaluate("window.seen") is not None, "keys that are not the figure's must pass"


def test_speed_and_loop(show):
    page = show("movie")
    root = drawn(page)
    pause(root)
    root.locator(".elboroom-speed").select_option("4")
    root.locator(".elboroom-loop").click()
    root.locator(".elboroom-scrub").fill("38")
    root.locator(".elboroom-play").click()
    page.wait_for_function("(s) => Number(s.value) < 10", arg=root.locator(".elboroom-scrub").element_handle(), timeout=DRAW_MS)
    assert root.locator(".elboroom-play").get_attribute("aria-label") == "pause"


def test_marks_tween_and_step_lines_jump(show):
    page = show("movie")
    root = drawn(page)
    pause(root)
    root.locator(".elboroom-scrub").fill("0")
    page.wait_for_timeout(CALM_MS)
    before, during, after = root.evaluate("""async (root) => {
        const shapes = () => {
            const points = {};
            root.elboroom.view.chart.getZr().storage.getDisplayList(true).forEach((el) => {
                if (!el.shape || !el.shape.points || !el.style.stroke) return;
                points[el.style.stroke + (el.style.lineDash || "")] = el.shape.points.join();
            });
            return points;
        };
        const before = shapes(), during = [], began = performance.now();
        root.querySelector(".elboroom-next").click();
        while (performance.now() - began < 1500) {
            await new Promise(requestAnimationFrame);
            during.push(shapes());
        }
        return [before, during, shapes()];
    }""")
    moved = [k for k in before if before[k] != after[k]]
    between = [k for k in moved if any(d[k] not in (before[k], after[k]) for d in during)]
    assert len(moved) == 3, f"{moved}: two curves and the step line move"
    assert len(between) == 2, "the curves pass through places between, the step line does not"
    assert any("#009e73" in k for k in moved) and not any("#009e73" in k for k in between)


def test_a_jump_out_of_a_tween_arrives(show):
    page = show("movie")
    root = drawn(page)
    pause(root)
    scrub = root.locator(".elboroom-scrub")
    scrub.fill("20")
    page.wait_for_timeout(CALM_MS)
    there = root.evaluate(PICTURE)
    scrub.fill("0")
    for pause_ms in (0, 60, 200):
        root.locator(".elboroom-next").click()
        page.wait_for_timeout(pause_ms)
        scrub.fill("20")
        page.wait_for_timeout(CALM_MS)
        assert root.evaluate(PICTURE) == there, f"{pause_ms} ms into a tween"
        scrub.fill("5")


def test_hover_reads_values_with_units(show, screens):
    page = show("movie")
    root = drawn(page)
    pause(root)
    root.locator(".elboroom-scrub").fill("0")
    page.wait_for_timeout(CALM_MS)
    x, y = page.evaluate("""() => {
        const root = document.querySelector('.elboroom'), box = root.querySelector('.elboroom-stage').getBoundingClientRect();
        const [px, py] = root.elboroom.view.placing(0)(-2, 0.4);
        return [box.left + px * box.width / 960, box.top + py * box.height / 540];
    }""")
    page.mouse.move(x, y)
    rows = {r.locator(".elboroom-tip-name").text_content(): r.locator(".elboroom-tip-value").text_content() for r in root.locator(".elboroom-tip-row").all()}
    assert abs(float(rows["μ"].replace("−", "-")) + 2) < 0.02
    value, unit = rows["q(μ₁)"].split("\u202f")
    assert unit == "per unit" and abs(float(value) - 0.7979) < 0.01, "the bell's top is 0.798"
    assert abs(float(rows["p"]) - 0.054) < 0.01
    root.screenshot(path=screens / "player-hover.png")
    page.mouse.move(5, 5)
    assert not root.locator(".elboroom-tip").is_visible()


def test_hover_reads_every_kind_of_mark(show):
    page = show("panels")
    root = drawn(page)

    def at(panel, x, y):
        page.mouse.move(*root.evaluate("""(r, [panel, x, y]) => {
            const box = r.querySelector(".elboroom-stage").getBoundingClientRect(), [px, py] = r.elboroom.view.placing(panel)(x, y);
            return [box.left + px * box.width / 960, box.top + py * box.height / 540];
        }""", [panel, x, y]))
        return {r.locator(".elboroom-tip-name").text_content(): r.locator(".elboroom-tip-value").text_content() for r in root.locator(".elboroom-tip-row").all()}

    assert at(2, 1.5, 0)["gap"] == "5\u202fnats", "a step line on a log axis"
    assert abs(float(at(1, -2.5, 1)["counts"]) - 1.98) < 0.01, "the first component's part of a bar of 2"
    dot = at(3, -1, 0)
    assert dot["modes"] == "(−1, 0)" and float(dot["density"]) > 0.9, "a dot, and the map below it"
    assert at(3, 2, 0)["circle"].startswith("(2, "), "a ring"
    assert set(at(3, 0, 2.9)) == {"density"}
    root.locator(".elboroom-name", has_text="density").click()
    assert "density" not in at(3, -1, 0), "what is hidden is silent"


def test_zoom_links_panels_and_resets(show, screens):
    page = show("panels")
    root = drawn(page)
    before = root.evaluate(PICTURE)
    box = root.locator(".elboroom-stage").bounding_box()
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.7 * box["height"])
    page.keyboard.down("Control")
    page.mouse.wheel(0, -400)
    page.keyboard.up("Control")
    page.wait_for_timeout(300)
    extents = root.evaluate("(r) => [0, 1, 2, 3].map((i) => r.elboroom.view.chart.getModel().getComponent('xAxis', i).axis.scale.getExtent())")
    assert extents[0] == extents[1] and extents[0][1] - extents[0][0] < 8, "panels that share x zoom together"
    assert extents[3] == [-3, 3], "the others stay"
    root.screenshot(path=screens / "player-zoom.png")
    root.locator(".elboroom-reset").click()
    page.wait_for_timeout(300)
    page.mouse.move(5, 5)
    assert root.evaluate(PICTURE) == before
    assert not root.locator(".elboroom-reset").is_visible()


def test_zoom_in_the_middle_of_a_tween(show):
    page = show("movie")
    root = drawn(page)
    pause(root)
    zoom = "(r) => r.elboroom.view.chart.dispatchAction({type: 'dataZoom', dataZoomIndex: 0, start: 30, end: 70})"
    root.locator(".elboroom-scrub").fill("11")
    page.wait_for_timeout(CALM_MS)
    root.evaluate(zoom)
    page.wait_for_timeout(CALM_MS)
    there = root.evaluate(PICTURE)
    root.locator(".elboroom-reset").click()
    root.locator(".elboroom-scrub").fill("10")
    page.wait_for_timeout(CALM_MS)
    root.locator(".elboroom-next").click()
    page.wait_for_timeout(100)
    root.evaluate(zoom)
    page.wait_for_timeout(CALM_MS)
    assert root.evaluate(PICTURE) == there


def test_the_wheel_alone_scrolls_the_page(show):
    page = show("panels")
    root = drawn(page)
    before = root.evaluate(PICTURE)
    box = root.locator(".elboroom-stage").bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 300)
    page.mouse.wheel(0, -400)
    page.wait_for_timeout(200)
    page.mouse.move(5, 5)
    page.wait_for_timeout(50)
    assert root.evaluate(PICTURE) == before


def test_names_hide_and_show(show):
    page = show("figure")
    root = drawn(page)
    before, colours = root.evaluate(PICTURE), root.evaluate(COLOURS)
    button = root.locator(".elboroom-name", has_text="q(μ₂)")
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert root.evaluate(COLOURS) < colours, "line, area and name must all go"
    button.click()
    assert root.evaluate(PICTURE) == before


@pytest.mark.parametrize("width", [360, 700, 1400])
def test_every_width_looks_like_the_slide(show, width, screens):
    """The chart and the static picture of the same figure, side by side at half size: the same but for the edges of letters and lines."""
    for name in ("figure", "panels"):
        page = show(name, width=width)
        root = drawn(page)
        stage = root.locator(".elboroom-stage").bounding_box()
        assert abs(stage["width"] * 9 / 16 - stage["height"]) < 1.5
        page.wait_for_timeout(200)
        off = root.evaluate("""async (root) => {
            const poster = root.querySelector(".elboroom-poster"), chart = root.querySelector("canvas");
            const w = Math.min(480, Math.round(chart.getBoundingClientRect().width)), h = Math.round(w * 9 / 16), top = Math.round(0.14 * h);
            await poster.decode();
            const pixels = (image) => {
                const c = document.createElement("canvas");
                c.width = w; c.height = h;
                const ctx = c.getContext("2d");
                ctx.imageSmoothingQuality = "high";
                ctx.fillStyle = "#fff"; ctx.fillRect(0, 0, w, h);
                ctx.drawImage(image, 0, 0, w, h);
                return ctx.getImageData(0, top, w, h - top).data;
            };
            const a = pixels(poster), b = pixels(chart);
            let far = 0;
            for (let i = 0; i < a.length; i += 4) if (Math.max(...[0, 1, 2].map((k) => Math.abs(a[i + k] - b[i + k]))) > 60) far++;
            return far / (a.length / 4);
        }""")
        root.screenshot(path=screens / f"player-{name}-{width}.png")
        assert off < 0.03, f"{name} at {width}: {off:.1%} of the pixels differ by more than a quarter"


def test_a_page_that_changes_its_width(show):
    page = show("figure", width=1200)
    root = drawn(page)
    for width in (500, 900):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(300)
        canvas = root.locator("canvas")
        shown = canvas.bounding_box()["width"]
        assert abs(shown - root.locator(".elboroom-stage").bounding_box()["width"]) < 1
        assert abs(canvas.evaluate("(c) => c.width") - shown) < 0.03 * shown, "as many pixels as are shown: no blur"


def test_figures_before_and_after_the_engine_and_twice(show, engine, fragment):
    page = show(body=fragment("figure") + engine + fragment("figure") + engine + fragment("panels"))
    for i in range(3):
        drawn(page, i)
    assert page.locator("head style").count() == 1, "the engine came twice and stands once"


def test_figures_that_come_later_or_are_hidden_at_first(show, engine, fragment):
    page = show(body=engine + "<div id=late hidden></div>")
    page.evaluate("(html) => { document.querySelector('#late').innerHTML = html; }", fragment("figure"))
    page.wait_for_timeout(400)
    assert page.locator("canvas").count() == 0, "nothing is drawn without a size"
    page.evaluate("document.querySelector('#late').hidden = false")
    drawn(page)


def test_sliders_answer(show, engine, fragment, screens):
    page = show(body=fragment("explorer") + engine)
    page.evaluate("document.addEventListener('keydown', (e) => { window.seen = (window.seen || '') + e.key; }, true)")
    root = drawn(page)
    mean, sd = root.locator("input").nth(0), root.locator("input").nth(1)
    assert words(root, "caption") == "mean 0.0, sd 1"
    start = root.evaluate(PICTURE)
    mean.fill("20")
    sd.fill("0")
    assert words(root, "caption") == "mean 1.0, sd 0.5"
    assert root.locator("output").all_text_contents() == ["1", "0.5"]
    assert mean.get_attribute("aria-valuetext") == "1"
    page.wait_for_timeout(CALM_MS)
    root.screenshot(path=screens / "player-explorer.png")
    assert root.evaluate(PICTURE) != start
    mean.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    sd.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert words(root, "caption") == "mean 0.0, sd 1"
    assert root.locator(".elboroom-spoken").text_content() == "mean 0.0, sd 1"
    page.wait_for_timeout(CALM_MS)
    assert root.evaluate(PICTURE) == start, "the way there does not matter"
    assert page.evaluate("window.seen") is None, "the page's own shortcuts saw keys of the sliders"


def test_figures_far_below_wait_for_the_reader(show, engine, fragment):
    page = show(body=engine + "<div style='height:5000px'></div>" + fragment("figure"))
    root = page.locator(".elboroom")
    page.wait_for_timeout(600)
    assert page.locator("canvas").count() == 0
    assert not root.locator(".elboroom-hint").is_visible(), "the engine is there: nobody needs the set-up cell"
    root.scroll_into_view_if_needed()
    drawn(page)


def test_figures_that_leave_give_their_charts_back(show, engine, fragment):
    page = show(body="<div id=cell>" + fragment("figure") + "</div>" + engine)
    root = drawn(page)
    picture = root.evaluate(PICTURE)
    page.evaluate("() => { const cell = document.querySelector('#cell'); window.root = cell.querySelector('.elboroom'); window.cell = cell; cell.remove(); }")
    page.wait_for_timeout(200)
    assert page.evaluate("window.root.elboroom.view.chart") is None
    page.evaluate("document.body.append(window.cell)")
    page.wait_for_timeout(300)
    assert root.evaluate(PICTURE) == picture, "the figure comes back as it was"


def test_without_engine_the_poster_stays_with_a_sentence(show, fragment):
    page = show(body=fragment("movie"))
    root = page.locator(".elboroom")
    poster, hint = root.locator(".elboroom-poster"), root.locator(".elboroom-hint")
    assert poster.bounding_box()["width"] > 900 and poster.evaluate("(i) => i.naturalWidth") > 900
    assert "set-up cell" in hint.text_content()
    assert hint.evaluate("(h) => getComputedStyle(h).opacity") == "0", "it flashes up before the engine has had time"
    page.evaluate("document.getAnimations().forEach((late) => late.finish())")
    assert hint.evaluate("(h) => getComputedStyle(h).opacity") == "1"


def test_a_page_with_requirejs_is_left_alone(show, engine, fragment):
    stub = "<script>window.calls = 0; window.define = function () { window.calls++; }; window.define.amd = {}; window.require = window.define;</script>"
    page = show(body=stub + fragment("figure") + engine)
    drawn(page)
    assert page.evaluate("window.calls") == 0
    assert page.evaluate("typeof window.echarts") == "undefined"


def test_reduced_motion_shows_the_end_and_does_not_play(show, pages):
    page = show("movie")
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    root = drawn(page)
    page.wait_for_timeout(1500)
    assert root.locator(".elboroom-scrub").input_value() == "39"
    assert root.locator(".elboroom-play").get_attribute("aria-label") == "play"


def test_print_shows_the_poster(show):
    page = show("movie")
    root = drawn(page)
    page.emulate_media(media="print")
    assert root.locator(".elboroom-poster").is_visible()
    assert not root.locator(".elboroom-stage").is_visible() and not root.locator(".elboroom-bar").is_visible()


def test_touch_reads_values_and_lets_the_page_scroll(browser_process, offline, pages):
    context = browser_process.new_context(viewport={"width": 420, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto((pages / "figure.html").as_uri())
    root = drawn(page)
    box = root.locator(".elboroom-stage").bounding_box()
    page.touchscreen.tap(box["x"] + 0.52 * box["width"], box["y"] + 0.6 * box["height"])
    assert root.locator(".elboroom-tip").is_visible()
    assert root.locator(".elboroom-stage").evaluate("(s) => getComputedStyle(s).touchAction") == "pan-y"
    assert root.locator(".elboroom-name").first.bounding_box()["height"] >= 40
    context.close()


def test_first_paint_and_frames_a_second(show, record_property):
    """A movie is painted and plays by itself. The times are printed: pytest -s shows them."""
    watch = """
        let engine = null;
        Object.defineProperty(window, "elboroom/2", { configurable: true, get: () => engine, set: (page) => {
            engine = page;
            page.engine.then(() => { window.engineAt = performance.now(); });
        } });
        new MutationObserver(() => {
            if (!window.drawnAt && document.querySelector(".elboroom-drawn")) requestAnimationFrame(() => { window.drawnAt = performance.now(); });
        }).observe(document, { subtree: true, attributes: true, childList: true });
    """
    page = show("movie", init=watch)
    root = drawn(page)
    page.wait_for_function("window.drawnAt")
    paint = page.evaluate("window.drawnAt - window.engineAt")
    gaps = page.evaluate("""() => new Promise((done) => {
        const times = [];
        const tick = (t) => { times.push(t); if (t - times[0] < 3000) requestAnimationFrame(tick); else done(times.slice(1).map((v, i) => v - times[i])); };
        requestAnimationFrame(tick);
    })""")
    gaps.sort()
    median, late = gaps[len(gaps) // 2], gaps[int(0.95 * len(gaps))]
    record_property("first_paint_ms", round(paint))
    record_property("frame_ms", f"{median:.1f} median, {late:.1f} at 95 %")
    print(f"first paint {paint:.0f} ms after the engine; frames every {median:.1f} ms, 95 % within {late:.1f} ms")
    assert root.locator(".elboroom-play").get_attribute("aria-label") == "pause", "it was playing"
