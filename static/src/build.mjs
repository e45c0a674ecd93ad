// Makes the scripts of the desk from the packages of the lock file: `npm run --prefix static/src bundle`.
// `editor.js` here becomes `static/editor.js`, or `FOLDER/editor.js` when a folder is given, and so on.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ENTRIES = ["editor", "uploads"];

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? join(here, "..");

const { metafile } = await build({
  entryPoints: ENTRIES.map((name) => join(here, `${name}.js`)),
  outdir: folder,
  absWorkingDir: here,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  preserveSymlinks: true,
  banner: { js: '/* Made by "npm run --prefix static/src bundle". The licences of what is in it: LICENSES.txt */' },
});

// Whoever passes the scripts on passes on the licences of the packages in them.
const packages = new Set();
for (const path of Object.keys(metafile.inputs)) {
  const [name] = /^(@[^/]+\/)?[^/]+/.exec(path.split("node_modules/").slice(1).join("")) ?? [];
  if (name) packages.add(name);
}
const licences = [...packages].sort().map((name) => {
  const root = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const file = readdirSync(root).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? readFileSync(join(root, file), "utf8").trim() : `(${license})`;
  return `${name} ${version}\n\n${text}\n`;
});
writeFileSync(join(folder, "LICENSES.txt"), `The packages in ${ENTRIES.map((name) => `${name}.js`).join(", ")}\n\n${licences.join(`\n${"-".repeat(72)}\n\n`)}`);
