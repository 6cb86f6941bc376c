// What one mark looks like at one frame, as elements of an ECharts custom series. Sizes are in points of the
// slide: the chart has as many pixels and is scaled as a whole.

const LINES = "elboroom-lines";
const DOTS = "elboroom-dots";
const MANY = 600; // glyphs from which on they are drawn as one form for each colour
const FONT = '"DejaVu Sans", Verdana, sans-serif';
const TWEENED = ["opacity", "fillOpacity", "strokeOpacity", "lineWidth", "fill", "stroke"];

/** Teaches an engine the forms that it lacks: several polylines or rings with one style, and many glyphs with one. */
function registerForms(echarts) {
  if (echarts.graphic.getShapeClass(LINES)) return;
  echarts.graphic.registerShape(DOTS, echarts.graphic.extendShape({
    type: DOTS,
    shape: { points: [], r: 1, glyph: "disc" },
    buildPath(ctx, shape) {
      for (let i = 0; i < shape.points.length; i += 2) traceGlyph(ctx, shape.glyph, shape.points[i], shape.points[i + 1], shape.r);
    },
  }));
  echarts.graphic.registerShape(LINES, echarts.graphic.extendShape({
    type: LINES,
    shape: { points: [], ends: [], closed: false },
    buildPath(ctx, shape) {
      let i = 0;
      for (const end of shape.ends) {
        ctx.moveTo(shape.points[i], shape.points[i + 1]);
        for (i += 2; i < end; i += 2) ctx.lineTo(shape.points[i], shape.points[i + 1]);
        if (shape.closed) ctx.closePath();
      }
    },
  }));
}

/**
 * The element of a mark's state, or nothing. on is where it goes: place maps data to pixels, within says whether a
 * pixel is in the panel, whose box is [left, top, width, height]; size is the slide's; tween lets it move there.
 */
function element(mark, state, on) {
  if (!state) return undefined;
  switch (mark.kind) {
    case "path": return pathElement(state, on);
    case "points": return pointsElement(state, on);
    case "label": return labelElement(state, on);
    case "arrow": return arrowElement(state, on);
    case "raster": return rasterElement(state, on);
  }
  return undefined;
}

function linesShape(lines, closed, place, tween) {
  const points = [], ends = [];
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      const [x, y] = place(line[i], line[i + 1]);
      points.push(x, y);
    }
    ends.push(points.length);
  }
  return { points, ends, closed: !!closed, transition: tween ? ["points"] : [] };
}

function styled(style, tween) {
  return Object.assign({ fill: "none", transition: tween ? TWEENED : [] }, style);
}

function child(name, type, shape, style, tween) {
  return { type, name, shape, style: styled(style, tween), silent: true };
}

function group(children) {
  return { type: "group", diffChildrenByName: true, silent: true, children };
}

/** Cuts an element to a panel's box; half a line's width may stand out, as it does on a slide. */
function cut(el, box, more) {
  el.clipPath = { type: "rect", shape: { x: box[0] - more, y: box[1] - more, width: box[2] + 2 * more, height: box[3] + 2 * more } };
  return el;
}

function pathElement(s, { place, tween, box, size }) {
  const shape = linesShape(s.lines, s.closed, place, tween);
  const children = [];
  if (s.fill) {
    children.push(cut(child("fill", LINES, shape, { fill: s.fill.color, fillOpacity: s.fill.opacity }, tween), box, 0));
    if (s.fill.hatch) children.push(cut(child("hatch", LINES, shape, { fill: hatching(s.fill, size[1]), fillOpacity: 1 }, false), box, 0));
  }
  if (s.line) {
    const more = s.line.width / 2;
    const join = { lineJoin: "round", lineCap: "butt" };
    if (s.line.casing) {
      children.push(cut(child("casing", LINES, shape, Object.assign({ stroke: s.line.casing.color, lineWidth: s.line.width + 2 * s.line.casing.width }, join), tween), box, more));
    }
    children.push(cut(child("line", LINES, shape, Object.assign({
      stroke: s.line.color, lineWidth: s.line.width, strokeOpacity: s.line.opacity, lineDash: s.line.dash || "solid",
    }, join), tween), box, more));
  }
  return group(children);
}

/**
 * A pattern of slanted lines on the same grid as in the static pictures, which is anchored at the slide's lower
 * left corner. The tile is drawn four times as large, to stay crisp.
 */
function hatching(fill, height) {
  const { gap, width, color, back } = fill.hatch;
  const zoom = 4, size = Math.round(gap * Math.SQRT2 * zoom);
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const ctx = tile.getContext("2d");
  ctx.strokeStyle = color;
  ctx.lineWidth = width * zoom;
  ctx.beginPath();
  for (const shift of [-size, 0, size]) {
    ctx.moveTo(shift - size * 0.5, back ? -size * 0.5 : size * 1.5);
    ctx.lineTo(shift + size * 1.5, back ? size * 1.5 : -size * 0.5);
  }
  ctx.stroke();
  const period = gap * Math.SQRT2, scale = period / size, shift = height % period;
  return { image: tile, repeat: "repeat", scaleX: scale, scaleY: scale, x: back ? period - shift : shift, y: 0 };
}

/** The outline of a glyph of radius r. */
function traceGlyph(ctx, glyph, x, y, r) {
  switch (glyph) {
    case "square":
      ctx.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
      return;
    case "cross":
      ctx.moveTo(x - 0.8 * r, y - 0.8 * r);
      ctx.lineTo(x + 0.8 * r, y + 0.8 * r);
      ctx.moveTo(x - 0.8 * r, y + 0.8 * r);
      ctx.lineTo(x + 0.8 * r, y - 0.8 * r);
      return;
    case "down":
      ctx.moveTo(x - r, y - 0.8 * r);
      ctx.lineTo(x + r, y - 0.8 * r);
      ctx.lineTo(x, y + r);
      ctx.closePath();
      return;
  }
  ctx.moveTo(x + r, y);
  ctx.arc(x, y, r, 0, 2 * Math.PI);
}

/** Many glyphs: one element for each colour. */
function cloudElement(s, { place, tween, within }) {
  const clouds = new Map();
  for (const line of s.lines) {
    for (let i = 0; i < line.length; i += 2) {
      const [x, y] = place(line[i], line[i + 1]);
      if (!within(x, y, 0.5)) continue;
      const color = colorAt(s, i / 2);
      if (!clouds.has(color)) clouds.set(color, []);
      clouds.get(color).push(x, y);
    }
  }
  return group(Array.from(clouds, ([color, points]) => child("cloud" + color, DOTS,
    { points, r: s.size / 2, glyph: s.glyph, transition: tween ? ["points"] : [] }, glyphStyle(s, color), tween)));
}

/** The colour of the i-th glyph. */
function colorAt(s, i) {
  return s.shade ? mixed(s.color, s.color2, s.shade[i]) : s.color;
}

function glyphStyle(s, color) {
  if (s.glyph === "ring" || s.glyph === "cross") {
    return { fill: s.glyph === "ring" ? s.paper : "none", stroke: color, opacity: s.opacity, lineWidth: s.lineWidth };
  }
  return { fill: color, opacity: s.opacity, stroke: s.rim ? s.rim.color : "none", lineWidth: s.rim ? s.rim.width : 0 };
}

function pointsElement(s, on) {
  const { place, tween, within } = on;
  if (s.lines.reduce((n, line) => n + line.length / 2, 0) > MANY) return cloudElement(s, on);
  const children = [];
  const r = s.size / 2;
  for (const line of s.lines) {
    for (let i = 0; i < line.length; i += 2) {
      const [x, y] = place(line[i], line[i + 1]);
      if (!within(x, y, 0.5)) continue;
      children.push({
        type: DOTS, name: String(i / 2), x, y, silent: true, transition: tween ? ["x", "y"] : [],
        shape: { points: [0, 0], r, glyph: s.glyph }, style: styled(glyphStyle(s, colorAt(s, i / 2)), tween),
      });
    }
  }
  return group(children);
}

/** The width of a text in pixels. */
function measure(text, font) {
  const ctx = (measure.ctx = measure.ctx || document.createElement("canvas").getContext("2d"));
  ctx.font = font;
  return ctx.measureText(text).width;
}

// Of DejaVu Sans, in ems: the height of capitals, and how far the middle of a line lies above its baseline.
const CAPITAL = 0.729, MIDLINE = 0.346, DESCENT = 0.236;

/** A text, moved inside the slide where it would leave it. */
function labelElement(s, { place, tween, within, size }) {
  const [x, y] = place(s.lines[0][0], s.lines[0][1]);
  if (!within(x, y, Infinity)) return undefined;
  const font = (s.bold ? "bold " : "") + s.size + "px " + FONT;
  const width = measure(s.text, font);
  const left = Math.max(2, Math.min(size[0] - width - 2, x - (width * (1 - s.align[0])) / 2));
  const base = Math.min(size[1] - DESCENT * s.size - 1, Math.max(s.size, y + (CAPITAL * s.size * (1 - s.align[1])) / 2));
  return group([{
    type: "text", name: "text", x: left, y: base - MIDLINE * s.size, silent: true, transition: tween ? ["x", "y"] : [],
    style: { text: s.text, fill: s.color, font, align: "left", verticalAlign: "middle" },
  }]);
}

/** A shaft and, where its end is in the window, a head. */
function arrowElement(s, { place, tween, within }) {
  const [x0, y0, x1, y1] = s.lines[0];
  const [ax, ay] = place(x0, y0), [bx, by] = place(x1, y1);
  const length = Math.hypot(bx - ax, by - ay);
  if (!(length > 0) || (!within(ax, ay, 0.5) && !within(bx, by, 0.5))) return undefined;
  const head = Math.min(s.head, length), ux = (bx - ax) / length, uy = (by - ay) / length;
  const cx = bx - ux * head, cy = by - uy * head, nx = bx - 0.8 * ux * head, ny = by - 0.8 * uy * head, half = 0.42 * head;
  const move = tween ? ["points"] : [];
  const color = s.line ? s.line.color : "none";
  return group([
    child("line", LINES, { points: [ax, ay, nx, ny], ends: [4], closed: false, transition: move },
      { stroke: color, lineWidth: s.line.width, strokeOpacity: s.line.opacity, lineDash: s.line.dash || "solid" }, tween),
    child("head", LINES, { points: [bx, by, cx - uy * half, cy + ux * half, nx, ny, cx + uy * half, cy - ux * half], ends: [8], closed: true, transition: move },
      { fill: color, fillOpacity: s.line.opacity }, tween),
  ]);
}

const images = new WeakMap(); // of raster states

/** Values 0…255 between two colours, painted once per state; the cells of a crisp one keep their edges. */
function rasterElement(s, { place, box }) {
  if (!images.has(s)) {
    const canvas = document.createElement("canvas");
    const zoom = s.crisp ? Math.max(1, Math.ceil(512 / Math.max(s.columns, s.rows))) : 1;
    canvas.width = s.columns;
    canvas.height = s.rows;
    const ctx = canvas.getContext("2d");
    const data = ctx.createImageData(s.columns, s.rows), low = rgba(s.low), high = rgba(s.high);
    s.values.forEach((v, i) => {
      const row = s.rows - 1 - Math.floor(i / s.columns), o = 4 * (row * s.columns + (i % s.columns));
      for (let c = 0; c < 3; c++) data.data[o + c] = Math.round(low[c] + ((high[c] - low[c]) * v) / 255);
      data.data[o + 3] = 255;
    });
    ctx.putImageData(data, 0, 0);
    images.set(s, zoom > 1 ? enlarged(canvas, zoom) : canvas);
  }
  const [left, bottom] = place(s.lines[0][0], s.lines[0][1]), [right, top] = place(s.lines[0][2], s.lines[0][3]);
  return group([cut({
    type: "image", name: "image", silent: true,
    style: { image: images.get(s), x: left, y: top, width: right - left, height: bottom - top, opacity: s.opacity },
  }, box, 0)]);
}

/** A canvas with every pixel as a square of zoom×zoom. */
function enlarged(small, zoom) {
  const canvas = document.createElement("canvas");
  canvas.width = small.width * zoom;
  canvas.height = small.height * zoom;
  const ctx = canvas.getContext("2d");
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(small, 0, 0, canvas.width, canvas.height);
  return canvas;
}
