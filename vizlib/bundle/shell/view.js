// The slide of one figure: an ECharts chart with as many pixels as the slide has points, scaled as a whole to the
// width at hand, with the words of the slide above it as ordinary text.

const PANEL_TITLE = 14; // the size of a panel's title
const LEGEND_TEXT = 13; // and of a legend's names
const CLOSEST = 4; // the deepest zoom, in per cent of a window

/** Puts a text of one line on a baseline. In DejaVu Sans, letters rise 0.928 em above it in a line of 1.164. */
function onBaseline(el, x, y, size, side) {
  el.style.fontSize = size + "px";
  el.style[side || "left"] = x + "px";
  el.style.top = y - 0.928 * size + "px";
}

/** A new element with a class and, if given, words. */
function make(tag, className, words) {
  const el = document.createElement(tag);
  el.className = className;
  if (words !== undefined) el.textContent = words;
  return el;
}

/**
 * Shows a decoded figure inside the stage of root. Returns what player, hover and tools need: show a frame, know the
 * current one, hide a name, zoom, fit the width, take the colours of the ground.
 */
function createView(echarts, figure, stage, root) {
  const [wide, high] = figure.size;
  let dark = false;
  const slide = make("div", "elboroom-slide");
  const host = make("div", "elboroom-chart");
  stage.style.aspectRatio = wide + " / " + high;
  for (const el of [slide, host]) Object.assign(el.style, { width: wide + "px", height: high + "px" });
  const words = {
    title: make("div", "elboroom-title"), caption: make("div", "elboroom-caption"), numbers: make("div", "elboroom-numbers"),
  };
  const reset = make("button", "elboroom-reset", "reset zoom");
  reset.type = "button";
  reset.hidden = true;
  host.setAttribute("aria-hidden", "true");
  slide.append(host, words.title, words.caption, words.numbers);
  const legends = figure.panels.filter((panel) => panel.legend).map((panel) => {
    const el = legendElement(panel.legend, painted);
    slide.append(el);
    return { el, legend: panel.legend };
  });
  const titles = figure.panels.map((panel) => {
    const el = make("div", "elboroom-panel-title");
    onBaseline(el, panel.titleAt[0], panel.titleAt[1], PANEL_TITLE);
    slide.append(el);
    return el;
  });
  stage.append(slide);

  const hidden = new Set();
  const zoomed = new Set(); // axes that do not show their whole window, by their ids
  const ranges = (figure.option.dataZoom || []).map(() => [0, 100]);
  const dressed = [];
  let chart = null, frame = figure.frames[0], tweening = false, settled = 0, resolution = 0, previous = null, awake = true;

  function renderItem(i) {
    const mark = figure.marks[i];
    return (params, api) => {
      const state = frame.marks[i];
      if (!state || hidden.has(mark.of)) return undefined;
      const before = previous && previous.marks[i];
      const panel = figure.panels[mark.panel];
      const within = (x, y, slack) => {
        const room = zoomed.has("x" + mark.panel) || zoomed.has("y" + mark.panel) ? Math.min(slack, 1) : slack;
        return x >= panel.left - room && x <= panel.left + panel.width + room && y >= panel.top - room && y <= panel.top + panel.height + room;
      };
      return element(mark, painted(state), {
        place: placing(api, panel), within, box: [panel.left, panel.top, panel.width, panel.height], size: figure.size,
        tween: tweening && !mark.still && alike(before, state),
      });
    };
  }

  function tickLabel(axis, i) {
    const panel = figure.panels[i], ticks = panel[axis + "Ticks"] || [];
    const [low, high] = panel[axis];
    return (value) => {
      const near = ticks.find((t) => Math.abs(t.at - value) <= 1e-6 * (high - low));
      if (near && !zoomed.has(axis + i)) return near.label;
      return formatValue(value, (high - low) / 400, panel["log" + axis.toUpperCase()]);
    };
  }

  function option() {
    const text = JSON.stringify(figure.option);
    const o = JSON.parse(dark ? text.replace(/(?<=")#[0-9a-f]{6}(?=")/g, darkColor) : text);
    (o.dataZoom || []).forEach((z, i) => { [z.start, z.end] = ranges[i]; });
    o.series.forEach((s, i) => { s.renderItem = renderItem(i); });
    o.xAxis.forEach((a, i) => { if (a.axisLabel) a.axisLabel.formatter = tickLabel("x", i); });
    o.yAxis.forEach((a, i) => { if (a.axisLabel) a.axisLabel.formatter = tickLabel("y", i); });
    return o;
  }

  function painted(state) {
    return dark ? darkState(state) : state;
  }

  function build() {
    if (chart) chart.dispose();
    zoomed.clear();
    chart = echarts.init(host, null, { renderer: "canvas", width: wide, height: high, devicePixelRatio: resolution });
    tweening = false;
    chart.setOption(option());
    chart.on("datazoom", onZoom);
    onZoom();
  }

  /** Stops every tween where it is. (What traverse calls must return nothing: anything true ends its descent.) */
  function settle() {
    chart.getZr().storage.traverse((el) => { el.stopAnimation(); });
  }

  function redraw(duration) {
    tweening = duration > 0;
    settled = performance.now() + duration;
    if (!tweening) settle();
    chart.setOption({
      animation: tweening, animationDurationUpdate: duration,
      series: figure.option.series.map((s) => ({ id: s.id, data: s.data })),
    });
    tweening = false;
  }

  /** A zoomed axis finds ticks of its own; at its full range it has the slide's again. */
  function onZoom() {
    if (performance.now() < settled) redraw(0); // a tween would lead to where things stood before
    const before = Array.from(zoomed).join();
    zoomed.clear();
    (chart.getOption().dataZoom || []).forEach((z, i) => {
      ranges[i] = [z.start, z.end];
      if (z.start <= 1e-9 && z.end >= 100 - 1e-9) return;
      const asked = figure.option.dataZoom[i];
      for (const k of asked.xAxisIndex || []) zoomed.add("x" + k);
      for (const k of asked.yAxisIndex || []) zoomed.add("y" + k);
    });
    reset.hidden = zoomed.size === 0;
    if (before === Array.from(zoomed).join()) return;
    const ticks = (axes) => axes.map((a) => {
      const own = zoomed.has(a.id) ? null : (a.axisTick && a.axisTick.customValues) || null;
      return { id: a.id, axisTick: { customValues: own }, axisLabel: { customValues: own, showMinLabel: !zoomed.has(a.id), showMaxLabel: !zoomed.has(a.id) } };
    });
    settle();
    chart.setOption({ animation: false, xAxis: ticks(figure.option.xAxis), yAxis: ticks(figure.option.yAxis) });
  }

  /** Shows of each axis what change makes of its range in per cent. */
  function zoomTo(change) {
    if (chart && ranges.length) chart.dispatchAction({ type: "dataZoom", batch: ranges.map((r, i) => {
      const [start, end] = change(r, figure.option.dataZoom[i]);
      return { dataZoomIndex: i, start, end };
    }) });
  }

  /** Shows factor times as much as now, about the middle. */
  function zoom(factor) {
    zoomTo(([start, end]) => {
      const span = Math.min(100, Math.max(CLOSEST, (end - start) * factor));
      const from = Math.min(100 - span, Math.max(0, (start + end - span) / 2));
      return [from, from + span];
    });
  }

  function unzoom() {
    zoomTo(() => [0, 100]);
  }

  function write() {
    const w = frame.words;
    for (const key of Object.keys(words)) words[key].textContent = w[key];
    onBaseline(words.title, w.left, w.base, w.size);
    onBaseline(words.caption, w.left, w.base2, w.size2);
    onBaseline(words.numbers, w.right, w.base2, w.size2, "right");
    titles.forEach((el, i) => { el.textContent = frame.panels[i]; });
  }

  /** Takes the colours of the ground that the figure stands on. */
  function dress() {
    const now = !!figure.follow && onDark(root);
    root.style.setProperty("--elboroom-paper", now ? darkColor(figure.paper) : figure.paper);
    root.style.setProperty("--elboroom-ink", now ? darkColor(figure.ink) : figure.ink);
    root.classList.toggle("elboroom-dark", now || isDark(rgba(figure.paper)));
    if (now === dark) return;
    dark = now;
    for (const l of legends) {
      const el = legendElement(l.legend, painted);
      l.el.replaceWith(el);
      l.el = el;
    }
    for (const change of dressed) change();
    if (chart) build();
  }

  function rest() {
    if (chart) chart.dispose();
    chart = null;
  }

  /**
   * Fits the slide to the stage; a chart that would look blurred is drawn anew. A stage without a size (a cell
   * that was run again, or scrolled away in JupyterLab) gives its chart back.
   */
  function fit() {
    const full = document.fullscreenElement === root;
    const beside = full ? root.clientHeight - Array.from(root.children).reduce((h, el) => h + (el.matches(".elboroom-bar") ? el.offsetHeight : 0), 0) : 0;
    stage.style.width = full ? Math.min(root.clientWidth, (beside * wide) / high) + "px" : "";
    const width = stage.clientWidth;
    if (!width) return rest();
    dress();
    if (!awake) return;
    slide.style.transform = "scale(" + width / wide + ")";
    const want = Math.min(4, Math.max(0.25, (width / wide) * (window.devicePixelRatio || 1)));
    if (!chart || Math.abs(want - resolution) > 0.02 * resolution) {
      resolution = want;
      build();
    }
  }

  reset.addEventListener("click", unzoom);
  stage.addEventListener("dblclick", unzoom);

  return {
    slide, fit, dress, hidden, reset, zoom, unzoom, painted,
    ink: (color) => (dark ? darkColor(color) : color),
    /** Calls change whenever the colours changed. */
    onDress(change) { dressed.push(change); },
    /** A figure that nobody looks at may give its pixels back, and takes them again. */
    sleep() {
      awake = false;
      rest();
    },
    wake() {
      awake = true;
      fit();
    },
    /** Moves a zoomed window by a fifth of itself; false where nothing is zoomed. */
    pan(dx, dy) {
      if (!zoomed.size) return false;
      zoomTo(([start, end], axis) => {
        const by = ((axis.xAxisIndex ? dx : dy) * (end - start)) / 5;
        const move = Math.max(-start, Math.min(100 - end, by));
        return [start + move, end + move];
      });
      return true;
    },
    get chart() { return chart; },
    get frame() { return frame; },
    show(next, duration) {
      previous = frame;
      frame = next;
      write();
      if (chart) redraw(duration);
    },
    toggle(name) {
      if (!hidden.delete(name)) hidden.add(name);
      if (chart) redraw(0);
      return !hidden.has(name);
    },
    /** The map from a panel's data coordinates to pixels of the slide, zoom included. */
    placing(panel) {
      return placing({ coord: (at) => chart.convertToPixel({ xAxisIndex: panel, yAxisIndex: panel }, at) }, figure.panels[panel]);
    },
    data(panel, px, py) {
      return chart.convertFromPixel({ xAxisIndex: panel, yAxisIndex: panel }, [px, py]);
    },
  };
}
