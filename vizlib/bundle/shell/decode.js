// A figure travels as gzip'd JSON: the option for ECharts, and for each frame what differs from the one
// before. Coordinates are whole numbers of 1/20 of a slide's point, each but the first of a line as a difference.

/** The figure of a payload, with every frame complete and in data coordinates. */
function decode(json) {
  const figure = JSON.parse(json);
  let state = { hold: 0, words: null, panels: figure.panels.map(() => ""), marks: figure.marks.map(() => null) };
  figure.frames = figure.frames.map((diff) => {
    const next = Object.assign({}, state, diff);
    next.panels = state.panels.slice();
    next.marks = state.marks.slice();
    for (const [i, title] of diff.panels || []) next.panels[i] = title;
    for (const [i, change] of diff.marks || []) {
      if (change === null) {
        next.marks[i] = null;
        continue;
      }
      const mark = Object.assign({}, state.marks[i], change);
      if (change.at) mark.lines = change.at.map((line) => unpack(line, figure.panels[figure.marks[i].panel]));
      next.marks[i] = mark;
    }
    state = next;
    return next;
  });
  figure.marks.forEach((mark, i) => {
    if (mark.kind === "path" && !mark.still) matchFrames(figure.frames.map((f) => f.marks[i]));
  });
  return figure;
}

/** A line's numbers x, y, x, y … in data coordinates (of a log axis: the exponent of ten). */
function unpack(packed, panel) {
  const line = new Float64Array(packed.length);
  const kx = (panel.x[1] - panel.x[0]) / (20 * panel.width);
  const ky = (panel.y[1] - panel.y[0]) / (20 * panel.height);
  let x = 0, y = 0;
  for (let i = 0; i < packed.length; i += 2) {
    x += packed[i];
    y += packed[i + 1];
    line[i] = panel.x[0] + kx * x;
    line[i + 1] = panel.y[0] + ky * y;
  }
  return line;
}

/**
 * Gives the lines of one mark the same number of points in every frame, so that they can be tweened point
 * by point. Points are only added on existing segments: no line changes its form.
 */
function matchFrames(states) {
  const sizes = new Map(); // number of lines → most points of each
  const seen = new Set();
  for (const s of states) {
    if (!s || seen.has(s.lines)) continue;
    seen.add(s.lines);
    const most = sizes.get(s.lines.length) || new Array(s.lines.length).fill(0);
    s.lines.forEach((line, k) => { most[k] = Math.max(most[k], line.length / 2); });
    sizes.set(s.lines.length, most);
  }
  const done = new Map();
  let before = null;
  for (const s of states) {
    if (!s) continue;
    if (!done.has(s.lines)) {
      const most = sizes.get(s.lines.length);
      let lines = s.lines.map((line, k) => subdivide(line, most[k]));
      if (s.closed && before && before.length === lines.length) {
        const last = before;
        lines = lines.map((line, k) => turnLike(line, last[k]));
      }
      done.set(s.lines, lines);
    }
    s.lines = before = done.get(s.lines);
  }
}

/** A line of the same form with n points. */
function subdivide(line, n) {
  const m = line.length / 2;
  if (m >= n || m < 2) return line;
  let total = 0;
  const length = [];
  for (let i = 0; i + 1 < m; i++) {
    length.push(Math.hypot(line[2 * i + 2] - line[2 * i], line[2 * i + 3] - line[2 * i + 1]));
    total += length[i];
  }
  const out = new Float64Array(2 * n);
  let o = 0, run = 0, given = 0;
  for (let i = 0; i + 1 < m; i++) {
    run += length[i];
    const due = i + 2 === m ? n - m : Math.round(total > 0 ? ((n - m) * run) / total : 0);
    const parts = due - given + 1;
    given = due;
    for (let k = 0; k < parts; k++) {
      out[o++] = line[2 * i] + ((line[2 * i + 2] - line[2 * i]) * k) / parts;
      out[o++] = line[2 * i + 1] + ((line[2 * i + 3] - line[2 * i + 1]) * k) / parts;
    }
  }
  out[o++] = line[2 * m - 2];
  out[o] = line[2 * m - 1];
  return out;
}

/** A ring that starts where the ring before it starts, and turns the same way, so that a tween does not twist it. */
function turnLike(ring, before) {
  const n = ring.length / 2;
  if (before.length !== ring.length || n < 3) return ring;
  const stride = Math.max(1, Math.floor(n / 32));
  let best = Infinity, shift = 0, sign = 1;
  for (const way of [1, -1]) {
    for (let s = 0; s < n; s++) {
      let sum = 0;
      for (let i = 0; i < n && sum < best; i += stride) {
        const j = (((s + way * i) % n) + n) % n;
        sum += (ring[2 * j] - before[2 * i]) ** 2 + (ring[2 * j + 1] - before[2 * i + 1]) ** 2;
      }
      if (sum < best) [best, shift, sign] = [sum, s, way];
    }
  }
  if (shift === 0 && sign === 1) return ring;
  const out = new Float64Array(ring.length);
  for (let i = 0; i < n; i++) {
    const j = (((shift + sign * i) % n) + n) % n;
    out[2 * i] = ring[2 * j];
    out[2 * i + 1] = ring[2 * j + 1];
  }
  return out;
}
