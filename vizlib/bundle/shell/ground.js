// A figure in the light theme takes the dark one where it stands on a dark ground. DARK says which dark colour each
// light one becomes.

const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** A colour as a style sheet writes it, as [red, green, blue, alpha] from 0 to 255. */
function rgba(color) {
  pixel.canvas.width = pixel.canvas.height = 1;
  pixel.fillStyle = color;
  pixel.fillRect(0, 0, 1, 1);
  return pixel.getImageData(0, 0, 1, 1).data;
}

/** Whether a colour is nearer to black than to white. */
function isDark([r, g, b]) {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 110;
}

/** Whether what lies behind an element is dark. */
function onDark(el) {
  for (let e = el.parentElement; e; e = e.parentElement) {
    const ground = rgba(getComputedStyle(e).backgroundColor);
    if (ground[3] > 127) return isDark(ground);
  }
  return false;
}

function darkColor(color) {
  return (DARK[color.slice(0, 7)] || color.slice(0, 7)) + color.slice(7);
}

const night = new WeakMap(); // the dark twins of states

/** A mark's state in the colours of the dark theme. */
function darkState(state) {
  if (!night.has(state)) night.set(state, darkPart(state));
  return night.get(state);
}

function darkPart(part) {
  const out = Object.assign({}, part);
  for (const key of Object.keys(out)) {
    const v = out[key];
    if (typeof v === "string" && v[0] === "#" && key !== "text") out[key] = darkColor(v);
    else if (v && Object.getPrototypeOf(v) === Object.prototype) out[key] = darkPart(v);
  }
  return out;
}

/** The color at share per cent of the way from a to b. */
function mixed(a, b, share) {
  const part = (i) => {
    const from = parseInt(a.slice(i, i + 2), 16), to = parseInt(b.slice(i, i + 2), 16);
    return Math.round(from + ((to - from) * share) / 100).toString(16).padStart(2, "0");
  };
  return "#" + part(1) + part(3) + part(5);
}
