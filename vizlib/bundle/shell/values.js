// Where values stand on the slide, whether they can be tweened, and how they are written.

/** Axes are linear here (a log axis holds exponents), so two corners say where everything goes. */
function placing(api, panel) {
  const [ax, ay] = api.coord([panel.x[0], panel.y[0]]), [bx, by] = api.coord([panel.x[1], panel.y[1]]);
  const kx = (bx - ax) / (panel.x[1] - panel.x[0]), ky = (by - ay) / (panel.y[1] - panel.y[0]);
  return (x, y) => [ax + kx * (x - panel.x[0]), ay + ky * (y - panel.y[0])];
}

/** Whether one state can be tweened into the other: as many lines, with as many points. */
function alike(a, b) {
  return !!a && a.lines.length === b.lines.length && a.lines.every((line, k) => line.length === b.lines[k].length);
}

/** A number with as many decimals as a step of the given size needs; log says that it is an exponent of ten. */
function formatValue(value, step, log) {
  let v = value;
  if (log) {
    v = Math.pow(10, value);
    return minus(v >= 1e-3 && v < 1e5 ? String(+v.toPrecision(3)) : v.toExponential(2));
  }
  const decimals = Math.min(8, Math.max(0, Math.ceil(-Math.log10(step))));
  if (Math.abs(v) < 0.5 * Math.pow(10, -decimals)) v = 0; // and not −0
  const text = v.toFixed(decimals);
  return minus(Math.abs(v) >= 1e7 ? v.toExponential(3) : decimals ? text.replace(/\.?0+$/, "") : text);
}

function minus(text) {
  return text.replace(/-/g, "\u2212");
}
