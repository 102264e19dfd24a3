import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Imports a style sheet as its text, as the build does. */
const styleSheetsAsText = {
  name: "style-sheets-as-text",
  enforce: "pre",
  resolveId(source, importer) {
    return source.endsWith(".css") ? `\0${resolve(dirname(importer), source)}.text` : null;
  },
  load(id) {
    if (!id.endsWith(".css.text")) return null;
    const text = readFileSync(id.slice(1, -".text".length), "utf8");
    return `export default ${JSON.stringify(text)};`;
  },
};

export default {
  plugins: [styleSheetsAsText],
  test: {
    environment: "happy-dom",
    include: ["widgets/**/*.test.ts", "tests/**/*.test.ts"],
    sequence: { shuffle: true },
    /* A machine that is busy is no failure; what hangs still ends. */
    testTimeout: 30_000,
  },
};
