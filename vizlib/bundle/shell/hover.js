// What stands under the pointer, in numbers: at the pointer's x the value of every named curve, or the
// nearest named dot, ring or map value. Read from the frame shown, with the precision of a pixel.

const NEAR = 10; // points of the slide

/** Adds the hover text to a view. */
function createHover(figure, view, stage) {
  const tip = make("div", "elboroom-tip");
  tip.hidden = true;
  stage.append(tip);
  const dots = [];

  function clear() {
    tip.hidden = true;
    while (dots.length) dots.pop().remove();
  }

  function move(event) {
    if (event.buttons && event.pointerType === "mouse") return clear();
    const box = stage.getBoundingClientRect();
    const px = ((event.clientX - box.left) / box.width) * figure.size[0], py = ((event.clientY - box.top) / box.height) * figure.size[1];
    clear();
    const p = figure.panels.findIndex((q) => px >= q.left && px <= q.left + q.width && py >= q.top && py <= q.top + q.height);
    if (p < 0 || !view.chart) return;
    const found = readings(figure, view, p, px, py);
    if (!found.length) return;
    const panel = figure.panels[p];
    const [x] = view.data(p, px, py);
    const lines = [];
    if ((panel.xName || panel.xTicks.length) && found.some((f) => f.curve)) lines.push([(panel.xName || "x"), formatValue(x, step(panel, "x"), panel.logX), ""]);
    for (const f of found.slice(0, 8)) lines.push([f.name, f.value, f.color]);
    tip.replaceChildren(...lines.map(([name, value, color]) => {
      const row = make("div", "elboroom-tip-row");
      const key = make("span", "elboroom-tip-key");
      if (color) key.style.background = color;
      row.append(key, make("span", "elboroom-tip-name", name), make("span", "elboroom-tip-value", value));
      return row;
    }));
    for (const f of found) {
      if (!f.at) continue;
      const dot = make("div", "elboroom-tip-dot");
      dot.style.left = f.at[0] + "px";
      dot.style.top = f.at[1] + "px";
      if (f.color) dot.style.borderColor = f.color;
      dots.push(dot);
      view.slide.append(dot);
    }
    tip.hidden = false;
    const w = tip.offsetWidth, h = tip.offsetHeight, x0 = event.clientX - box.left, y0 = event.clientY - box.top;
    tip.style.left = Math.max(2, x0 + 14 + w > box.width ? x0 - 14 - w : x0 + 14) + "px";
    tip.style.top = Math.max(2, Math.min(box.height - h - 2, y0 - h / 2)) + "px";
  }

  stage.addEventListener("pointermove", move);
  stage.addEventListener("pointerdown", move);
  stage.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") clear(); });
  return { clear };
}

function step(panel, axis) {
  const size = axis === "x" ? panel.width : panel.height;
  return (panel[axis][1] - panel[axis][0]) / size;
}

/** The colour that stands for a mark. */
function colorOf(state) {
  return state.color || (state.line && state.line.color) || (state.fill && state.fill.color) || state.high || "";
}

/** Everything named that the point (px, py) of panel p says something about. */
function readings(figure, view, p, px, py) {
  const panel = figure.panels[p];
  const [x, y] = view.data(p, px, py);
  const at = { panel, x, y, px, py, place: view.placing(p), data: (a, b) => view.data(p, a, b) };
  const found = [];
  const seen = new Set();
  figure.marks.forEach((mark, i) => {
    const state = view.frame.marks[i];
    if (mark.panel !== p || !mark.name || !state || view.hidden.has(mark.of)) return;
    const reading = readMark(mark, state, at);
    if (!reading || seen.has(mark.name + reading.value)) return;
    seen.add(mark.name + reading.value);
    const color = colorOf(view.painted(state));
    found.push(Object.assign({ name: mark.name, color }, reading));
  });
  return found;
}

/** What one mark says there, or null. */
function readMark(mark, state, here) {
  const { panel, x, y, px, py, place } = here;
  const unit = mark.unit ? "\u202f" + mark.unit : "";
  const say = (v) => formatValue(v, step(panel, "y") / 2, panel.logY) + unit;
  const both = (a, b) => "(" + formatValue(a, step(panel, "x") / 2, panel.logX) + ", " + say(b) + ")";
  if (mark.kind === "raster") {
    const [x0, y0, x1, y1] = state.lines[0];
    const c = Math.floor(((x - x0) / (x1 - x0)) * state.columns), r = Math.floor(((y - y0) / (y1 - y0)) * state.rows);
    if (c < 0 || r < 0 || c >= state.columns || r >= state.rows) return null;
    const v = state.range[0] + ((state.range[1] - state.range[0]) * state.values[r * state.columns + c]) / 255;
    return { value: formatValue(v, (state.range[1] - state.range[0]) / 255) + unit };
  }
  if (mark.kind === "points") {
    let best = NEAR, at = null, value = "";
    for (const line of state.lines) {
      for (let i = 0; i < line.length; i += 2) {
        const q = place(line[i], line[i + 1]);
        const d = Math.hypot(q[0] - px, q[1] - py);
        if (d < best) [best, at, value] = [d, q, both(line[i], line[i + 1])];
      }
    }
    return at && { value, at };
  }
  if (mark.kind !== "path") return null;
  for (const line of state.closed ? [] : state.lines) {
    const v = graphAt(line, x);
    if (v !== null) return { value: say(v), curve: true, at: place(x, v) };
  }
  const bar = state.closed && state.fill ? state.lines.find((ring) => ring.length === 8 && inside([ring], x, y)) : null;
  if (bar) return { value: say(barValue(Math.min(bar[1], bar[5]), Math.max(bar[1], bar[5]), panel)) };
  const near = nearestOn(state, here);
  if (near) return { value: both(near.x, near.y), at: near.at };
  return state.fill && state.closed && inside(state.lines, x, y) ? { value: "" } : null;
}

/** What a bar from low to high stands for: its end, or its share where it stands on another. */
function barValue(low, high, panel) {
  const pixel = step(panel, "y");
  if (low <= panel.y[0] + pixel) return high; // it comes from below the window
  if (panel.logY) return Math.log10(Math.pow(10, high) - Math.pow(10, low));
  return Math.abs(high) < pixel ? low : high - low;
}

/** The value at x of a line that runs from left to right, or null. */
function graphAt(line, x) {
  const n = line.length / 2;
  if (n < 2 || x < line[0] || x > line[2 * n - 2] || line[0] === line[2 * n - 2]) return null;
  for (let i = 1; i < n; i++) if (line[2 * i] < line[2 * i - 2]) return null;
  let low = 0, high = n - 1;
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if (line[2 * mid] <= x) low = mid; else high = mid;
  }
  const width = line[2 * high] - line[2 * low];
  const t = width > 0 ? (x - line[2 * low]) / width : 0;
  return line[2 * low + 1] + t * (line[2 * high + 1] - line[2 * low + 1]);
}

/** The nearest place on a mark's lines, where that is near. */
function nearestOn(state, { px, py, place, data }) {
  let best = NEAR, out = null;
  for (const line of state.lines) {
    const n = line.length / 2;
    const pts = [];
    for (let i = 0; i < n; i++) pts.push(place(line[2 * i], line[2 * i + 1]));
    for (let i = 0; i + 1 < n + (state.closed ? 1 : 0); i++) {
      const a = pts[i], b = pts[(i + 1) % n];
      const dx = b[0] - a[0], dy = b[1] - a[1], l2 = dx * dx + dy * dy;
      const t = l2 > 0 ? Math.min(1, Math.max(0, ((px - a[0]) * dx + (py - a[1]) * dy) / l2)) : 0;
      const at = [a[0] + t * dx, a[1] + t * dy];
      const d = Math.hypot(at[0] - px, at[1] - py);
      if (d < best) {
        best = d;
        const q = data(at[0], at[1]);
        out = { x: q[0], y: q[1], at };
      }
    }
  }
  return out;
}

/** Whether (x, y) lies inside the rings, by the non-zero winding rule. */
function inside(rings, x, y) {
  let winding = 0;
  for (const r of rings) {
    const n = r.length / 2;
    for (let i = 0, j = n - 1; i < n; j = i++) {
      const up = r[2 * j + 1] <= y && r[2 * i + 1] > y, down = r[2 * j + 1] > y && r[2 * i + 1] <= y;
      if (!up && !down) continue;
      const cross = (r[2 * i] - r[2 * j]) * (y - r[2 * j + 1]) - (x - r[2 * j]) * (r[2 * i + 1] - r[2 * j + 1]);
      if (up && cross > 0) winding++;
      if (down && cross < 0) winding--;
    }
  }
  return winding !== 0;
}
