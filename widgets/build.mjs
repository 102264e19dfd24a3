/* Builds the modules that hosts load, one for each file in widgets/entries/: TypeScript bundled, style sheets minified and inlined as text. */

import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { build, transform } from "esbuild";

const outdir = process.argv.find((argument) => argument.startsWith("--outdir="))?.slice("--outdir=".length);

/* Tokens for sizes never change at run time, so the bundle has the sizes themselves. */
const tokens = await readFile("widgets/tokens.css", "utf8");
const sizes = [...tokens.matchAll(/(--phl-(?:t\d|lh|\d|r\d)): (\d+px);/g)];
const withSizes = (text) =>
  sizes.reduce(
    (sheet, [declaration, name, size]) => sheet.replaceAll(declaration, "").replaceAll(`var(${name})`, size),
    text,
  );

const styleSheetsAsText = {
  name: "style-sheets-as-text",
  setup(building) {
    building.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(withSizes(await readFile(path, "utf8")), { loader: "css", minify: true });
      /* What custom properties hold is left as it was written. */
      return { contents: code.trim().replaceAll(", ", ",").replaceAll(/(--[\w-]+): /g, "$1:"), loader: "text" };
    });
  },
};

/* Each entry is one file with all that it needs: hosts load it from a blob, where nothing relative can be found. */
const { outputFiles } = await build({
  entryPoints: (await readdir("widgets/entries")).map((name) => `widgets/entries/${name}`),
  outdir: outdir ?? "phasm_lab/widgets/static",
  bundle: true,
  splitting: false,
  format: "esm",
  platform: "browser",
  target: "es2022",
  charset: "utf8",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  plugins: [styleSheetsAsText],
  write: false,
});

/* The prefix of our tokens stands some three hundred times in a bundle, which every widget carries. Panel translates what it loads for
   older browsers, and would join `return` to the name of a helper that it puts in front of a bracket. */
for (const bundle of outputFiles) {
  const text = bundle.text.replaceAll("--phl-", "--p").replaceAll(/\breturn(?=[([{])/g, "return ");
  await mkdir(dirname(bundle.path), { recursive: true });
  await writeFile(bundle.path, text);
}
