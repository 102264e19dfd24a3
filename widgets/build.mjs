/* Builds the one module that every host loads: TypeScript bundled, style sheets minified and inlined as text. */

import { readFile } from "node:fs/promises";
import { build, transform } from "esbuild";

const outfile = process.argv.find((argument) => argument.startsWith("--outfile="))?.slice("--outfile=".length);

const styleSheetsAsText = {
  name: "style-sheets-as-text",
  setup(building) {
    building.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

await build({
  entryPoints: ["widgets/index.ts"],
  outfile: outfile ?? "phasm_lab/widgets/static/phasm_lab.js",
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  charset: "utf8",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  plugins: [styleSheetsAsText],
});
