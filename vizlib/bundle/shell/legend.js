// The box of names inside a panel that asks for one.

const SVG = "http://www.w3.org/2000/svg";

function svgElement(tag, attributes) {
  const el = document.createElementNS(SVG, tag);
  for (const key of Object.keys(attributes)) el.setAttribute(key, attributes[key]);
  return el;
}

/** A panel's legend as an element of the slide; painted gives a mark the colours of the ground. */
function legendElement(legend, painted) {
  const box = make("div", "elboroom-legend");
  Object.assign(box.style, { left: legend.left + "px", top: legend.top + "px", width: legend.width + "px", height: legend.height + "px" });
  for (const row of legend.rows) {
    const line = make("div", "elboroom-legend-row");
    line.style.height = legend.row + "px";
    const svg = svgElement("svg", { width: 26, height: 14, viewBox: "0 0 26 14", "aria-hidden": "true" });
    svg.append(...swatch(row.kind, painted(row.mark)));
    line.append(svg, make("span", "", row.name));
    box.append(line);
  }
  return box;
}

/** What stands for a mark beside its name: its glyph, its line, or a patch of its fill. */
function swatch(kind, mark) {
  const color = mark.color || (mark.line && mark.line.color) || (mark.fill && mark.fill.color) || "currentColor";
  if (kind === "points") {
    const r = Math.min(6, mark.size / 2);
    const rim = mark.rim ? { stroke: mark.rim.color, "stroke-width": mark.rim.width } : {};
    switch (mark.glyph) {
      case "ring": return [svgElement("circle", { cx: 13, cy: 7, r, fill: mark.paper, stroke: color, "stroke-width": mark.lineWidth })];
      case "square": return [svgElement("rect", Object.assign({ x: 13 - 0.9 * r, y: 7 - 0.9 * r, width: 1.8 * r, height: 1.8 * r, fill: color }, rim))];
      case "cross": return [svgElement("path", { d: "M" + (13 - r) + " " + (7 - r) + "l" + 2 * r + " " + 2 * r + "m0 " + -2 * r + "l" + -2 * r + " " + 2 * r, stroke: color, "stroke-width": mark.lineWidth, fill: "none" })];
      case "down": return [svgElement("path", Object.assign({ d: "M" + (13 - r) + " " + (7 - 0.8 * r) + "h" + 2 * r + "l" + -r + " " + 1.8 * r + "z", fill: color }, rim))];
    }
    return [svgElement("circle", Object.assign({ cx: 13, cy: 7, r, fill: color }, rim))];
  }
  if (mark.line) {
    return [svgElement("line", { x1: 0, y1: 7, x2: 26, y2: 7, stroke: color, "stroke-width": mark.line.width, "stroke-dasharray": (mark.line.dash || []).join(" ") })];
  }
  return [svgElement("rect", { x: 0, y: 2, width: 26, height: 10, fill: color, "fill-opacity": mark.fill ? mark.fill.opacity || 0.4 : 1 })];
}
