// The small buttons at a figure's corner: zoom, the picture as a file, the whole screen.

/** Adds the buttons to a root, whose view is zoomed, saved and enlarged by them. */
function createTools(figure, view, root) {
  const box = make("div", "elboroom-tools");
  if (figure.option.dataZoom) {
    const zoom = iconButton("zoom", "zoom in (+, or the wheel with Ctrl; drag to move)");
    zoom.addEventListener("click", () => view.zoom(0.7));
    box.append(view.reset, zoom);
  }
  const save = iconButton("save", "save this picture as PNG");
  save.addEventListener("click", () => savePicture(figure, view));
  box.append(save);
  if (document.fullscreenEnabled) {
    const full = iconButton("full", "full screen (f)");
    full.addEventListener("click", () => fill(root));
    box.append(full);
  }
  root.append(box);
}

/** Fills the screen with a figure, whose keys work from then on, or gives the screen back. */
function fill(root) {
  if (document.fullscreenElement) document.exitFullscreen();
  else if (document.fullscreenEnabled) root.requestFullscreen().then(() => root.focus(), () => {}); // a host may refuse
}

const KEYS = { // of a figure in focus, beside the player's
  "+": ({ view }) => view.zoom(0.7), "=": ({ view }) => view.zoom(0.7), "-": ({ view }) => view.zoom(1 / 0.7), 0: ({ view }) => view.unzoom(),
  f: (_, root) => fill(root),
};
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** What a key does to a figure that is no player's key: zoom, and with Shift or without a player, move. */
function toolKey(event, root) {
  const { view, player } = root.elboroom;
  if (MOVES[event.key] && (event.shiftKey || !player)) return view.pan(...MOVES[event.key]);
  if (!KEYS[event.key] || (event.shiftKey && event.key !== "+")) return false;
  KEYS[event.key](root.elboroom, root);
  return true;
}

/** The picture on the stage as a canvas twice as large as the slide, words and legends included. */
async function paintPicture(figure, view) {
  const sharp = 2;
  const canvas = view.chart.renderToCanvas({ pixelRatio: sharp });
  const ctx = canvas.getContext("2d");
  ctx.setTransform(sharp, 0, 0, sharp, 0, 0);
  const ink = view.ink(figure.ink), paper = view.ink(figure.paper);
  const write = (text, x, base, size, bold, right) => {
    ctx.font = (bold ? "bold " : "") + size + "px " + FONT;
    ctx.textAlign = right ? "right" : "left";
    ctx.fillStyle = ink;
    ctx.fillText(text, x, base);
  };
  const w = view.frame.words;
  write(w.title, w.left, w.base, w.size, true);
  write(w.caption, w.left, w.base2, w.size2, true);
  write(w.numbers, figure.size[0] - w.right, w.base2, w.size2, false, true);
  figure.panels.forEach((panel, i) => write(view.frame.panels[i], panel.titleAt[0], panel.titleAt[1], PANEL_TITLE, true));
  for (const panel of figure.panels) {
    const l = panel.legend;
    if (!l) continue;
    ctx.fillStyle = paper;
    ctx.strokeStyle = "#8a8a8a";
    ctx.fillRect(l.left, l.top, l.width, l.height);
    ctx.strokeRect(l.left + 0.5, l.top + 0.5, l.width - 1, l.height - 1);
    for (const [k, row] of l.rows.entries()) {
      const middle = l.top + 6 + (k + 0.5) * l.row;
      ctx.drawImage(await swatchImage(row, view, ink), l.left + 9, middle - 7, 26, 14);
      write(row.name, l.left + 43, middle + 0.35 * LEGEND_TEXT, LEGEND_TEXT, false);
    }
  }
  return canvas;
}

/** A legend's swatch as an image. */
async function swatchImage(row, view, ink) {
  const svg = svgElement("svg", { width: 104, height: 56, viewBox: "0 0 26 14", color: ink });
  svg.append(...swatch(row.kind, view.painted(row.mark)));
  const image = new Image();
  image.src = "data:image/svg+xml," + encodeURIComponent(new XMLSerializer().serializeToString(svg));
  await image.decode();
  return image;
}

/** Hands the picture to the reader as a file named by its title. */
async function savePicture(figure, view) {
  const canvas = await paintPicture(figure, view);
  const title = view.frame.words.title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "figure";
  const at = figure.frames.length > 1 ? "-" + (figure.frames.indexOf(view.frame) + 1) : "";
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const link = make("a", "");
  link.href = URL.createObjectURL(blob);
  link.download = title + at + ".png";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
