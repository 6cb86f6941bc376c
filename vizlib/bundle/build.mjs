// Bundles entry.js and what it imports into ../engine/echarts.js.gz, which Go embeds.
// The same sources give the same bytes; an engine that is up to date is left as it stands.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "engine", "echarts.js.gz");
const { version } = JSON.parse(readFileSync(join(here, "node_modules", "echarts", "package.json"), "utf8"));

const out = await build({
  entryPoints: [join(here, "entry.js")],
  absWorkingDir: here,
  bundle: true,
  minify: true,
  write: false,
  format: "cjs",
  target: "es2019",
  charset: "ascii",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  banner: { js: `/* Apache ECharts ${version}, Apache-2.0; zrender, BSD-3-Clause; tslib, 0BSD. See echarts.apache.org. */` },
});

const packed = gzipSync(out.outputFiles[0].contents, { level: 9 });
packed[9] = 255; // the byte that names the operating system
if (existsSync(target) && readFileSync(target).equals(packed)) {
  console.log(`engine: ECharts ${version}, up to date (${packed.length} bytes)`);
} else {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, packed);
  console.log(`engine: ECharts ${version} bundled (${packed.length} bytes)`);
}
