import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const folder = fileURLToPath(new URL("tests", import.meta.url));
const tests = readdirSync(folder).filter((name) => name.endsWith(".test.ts"));

// The logic that draws nothing, for `node --test`: bundled, since node reads no imports without endings.
export default defineConfig({
  logLevel: "warn",
  build: {
    ssr: true,
    target: "node20",
    outDir: "../build/logic",
    emptyOutDir: true,
    rollupOptions: {
      input: Object.fromEntries(tests.map((name) => [name.replace(/\.ts$/, ""), `${folder}/${name}`])),
      output: { entryFileNames: "[name].mjs", preserveModules: true }, // imported in their order
    },
  },
  ssr: { noExternal: true },
});
