// The bundle against what figures ask of it. FIGURES names a file with one figure's data as JSON in each line.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

const code = gunzipSync(readFileSync(new URL("../../engine/echarts.js.gz", import.meta.url))).toString("utf8");
const figures = readFileSync(process.env.FIGURES, "utf8").trim().split("\n").map((line) => JSON.parse(line));

function engine() {
  const module = { exports: {} };
  new Function("module", "exports", "define", code)(module, module.exports, undefined);
  return module.exports;
}

test("the bundle speaks for itself", () => {
  const echarts = engine();
  assert.equal(echarts.version, JSON.parse(readFileSync(new URL("../package.json", import.meta.url))).dependencies.echarts);
  for (const name of ["registerShape", "extendShape", "getShapeClass"]) assert.equal(typeof echarts.graphic[name], "function");
});

test("no loader of the page is used", () => {
  let called = false;
  const module = { exports: {} };
  new Function("module", "exports", "define", code)(module, module.exports, undefined);
  globalThis.define = () => { called = true; };
  globalThis.define.amd = true;
  engine();
  delete globalThis.define;
  assert.equal(called, false);
});

test("every series and component that figures ask for is there", () => {
  const echarts = engine();
  const faults = [];
  const { error, warn } = console;
  console.error = (...words) => faults.push(words.join(" "));
  console.warn = console.error;
  const canvas = new Proxy({}, { get: (_, key) => (key === "measureText" ? (text) => ({ width: 8 * text.length }) : key === "canvas" ? {} : () => {}), set: () => true });
  const element = () => ({ getContext: () => canvas, style: {}, width: 960, height: 540, addEventListener() {} });
  echarts.setPlatformAPI?.({ createCanvas: element });
  try {
    for (const figure of figures) {
      let drawn = 0;
      for (const s of figure.option.series) s.renderItem = () => { drawn++; return { type: "group", children: [] }; };
      const chart = echarts.init(Object.assign(element(), { clientWidth: 960, clientHeight: 540, nodeName: "CANVAS" }), null, { renderer: "canvas", width: 960, height: 540, devicePixelRatio: 1 });
      chart.setOption(figure.option);
      const model = chart.getModel();
      assert.equal(model.getSeries().length, figure.option.series.length, "a series is not registered");
      for (const part of ["grid", "xAxis", "yAxis", "dataZoom"]) {
        let count = 0;
        model.eachComponent(part, () => count++);
        assert.equal(count, (figure.option[part] || []).length, part + " is not registered");
      }
      assert.equal(drawn, figure.option.series.length, "a mark is not drawn");
      const used = Object.keys(figure.option).filter((key) => Array.isArray(figure.option[key]));
      assert.deepEqual(used.sort(), ["dataZoom", "grid", "series", "xAxis", "yAxis"], "this test does not look at all that is used");
      chart.dispose();
    }
  } finally {
    Object.assign(console, { error, warn });
  }
  assert.deepEqual(faults, []);
});
