// The shell's arithmetic: unpacking, and making lines fit each other for a tween.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const read = (name) => readFileSync(new URL("../shell/" + name, import.meta.url), "utf8");
const shell = vm.createContext({ Float64Array, Map, Set, Math, JSON, Object, Infinity });
vm.runInContext(["decode.js", "marks.js", "legend.js", "values.js", "view.js", "hover.js"].map(read).join("\n"), shell);

const near = (a, b, slack = 1e-9) => assert.ok(Math.abs(a - b) <= slack, a + " is not " + b);

function area(ring) {
  let sum = 0;
  for (let n = ring.length / 2, i = 0, j = n - 1; i < n; j = i++) sum += ring[2 * j] * ring[2 * i + 1] - ring[2 * i] * ring[2 * j + 1];
  return sum / 2;
}

function length(line) {
  let sum = 0;
  for (let i = 2; i < line.length; i += 2) sum += Math.hypot(line[i] - line[i - 2], line[i + 1] - line[i - 1]);
  return sum;
}

test("unpack turns steps into data", () => {
  const panel = { x: [-1, 3], y: [0, 10], width: 400, height: 200 };
  assert.deepEqual([...shell.unpack([0, 0, 8000, 4000, -4000, -2000], panel)].map((v) => +v.toFixed(9)), [-1, 0, 3, 10, 1, 5]);
});

test("subdivide adds points and changes no form", () => {
  const line = Float64Array.from([0, 0, 1, 0, 1, 3, 4, 7]);
  for (const n of [4, 5, 17, 100]) {
    const more = shell.subdivide(line, n);
    assert.equal(more.length, 2 * n);
    near(length(more), length(line));
    assert.deepEqual([more[0], more[1], more[2 * n - 2], more[2 * n - 1]], [0, 0, 4, 7]);
  }
});

test("turnLike starts a ring where the one before starts, whichever way it turned", () => {
  const ring = (shift, sign) => Float64Array.from({ length: 80 }, (_, i) => {
    const a = (2 * Math.PI * (sign * Math.floor(i / 2) + shift)) / 40;
    return i % 2 ? 2 * Math.sin(a) : Math.cos(a);
  });
  const before = ring(0, 1);
  for (const [shift, sign] of [[7, 1], [13, -1], [39, -1]]) {
    const turned = shell.turnLike(ring(shift, sign), before);
    turned.forEach((v, i) => near(v, before[i]));
    near(area(turned), area(before));
  }
});

test("frames of a mark get as many points", () => {
  const states = [{ lines: [Float64Array.from([0, 0, 1, 1])] }, null, { lines: [Float64Array.from([0, 0, 1, 2, 2, 0])] }];
  shell.matchFrames(states);
  assert.equal(states[0].lines[0].length, states[2].lines[0].length);
});

test("numbers are written with as many digits as a pixel tells", () => {
  assert.equal(shell.formatValue(-87.8123, 0.01), "\u221287.81");
  assert.equal(shell.formatValue(3, 0.1), "3");
  assert.equal(shell.formatValue(-1e-12, 0.01), "0");
  assert.equal(shell.formatValue(-0.004, 0.01), "0");
  assert.equal(shell.formatValue(-0.006, 0.01), "\u22120.01");
  assert.equal(shell.formatValue(-2, 0.01, true), "0.01");
  assert.equal(shell.formatValue(1200, 10), "1200");
});

test("a graph is read between its points, a step line after its step", () => {
  assert.equal(shell.graphAt(Float64Array.from([0, 0, 2, 4]), 0.5), 1);
  assert.equal(shell.graphAt(Float64Array.from([0, 5, 1, 5, 1, 3, 2, 3]), 1), 3);
  assert.equal(shell.graphAt(Float64Array.from([0, 0, 2, 4]), 2.1), null);
  assert.equal(shell.graphAt(Float64Array.from([0, 0, 2, 4, 1, 5]), 0.5), null);
});

test("a bar says its end, and a stacked one its share", () => {
  const panel = { y: [0, 10], height: 200 }, deep = { y: [-150, -80], height: 200 }, both = { y: [-5, 5], height: 200 };
  assert.equal(shell.barValue(0, 4, panel), 4);
  assert.equal(shell.barValue(4, 7, panel), 3);
  assert.equal(shell.barValue(-150, -86, deep), -86);
  assert.equal(shell.barValue(-3, 0, both), -3);
  near(shell.barValue(1, 2, { y: [0, 6], height: 200, logY: true }), Math.log10(90));
});

test("inside follows the non-zero winding rule", () => {
  const outer = [0, 0, 4, 0, 4, 4, 0, 4], hole = [1, 1, 1, 3, 3, 3, 3, 1];
  assert.equal(shell.inside([outer, hole], 2, 2), false);
  assert.equal(shell.inside([outer, hole], 0.5, 0.5), true);
  assert.equal(shell.inside([outer], 5, 5), false);
});
