import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { licences, workerLicences } from "./licences.ts";
import { packed } from "./packed.ts";
import { preloaded } from "./preloaded.ts";

// Every page is an entry here. What is built travels in the wheel, as api/static/.
export default defineConfig({
  base: "/static/",
  root: "src",
  logLevel: "warn",
  plugins: [licences(), packed(), preloaded("explorer.html", "/src/causes/index.ts")],
  worker: { format: "es", plugins: () => [workerLicences()] },
  resolve: { alias: { "react-style-singleton": fileURLToPath(new URL("src/graphiql/styles.ts", import.meta.url)) } },
  build: {
    outDir: "../../api/static",
    emptyOutDir: true,
    assetsInlineLimit: 0, // nothing as data: in styles or scripts, so that the policy may be strict
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500, // GraphiQL
    rollupOptions: {
      input: { explorer: "src/explorer.html", graphiql: "src/graphiql.html" },
      onwarn(warning, warn) {
        // "use client" means nothing in a bundle for browsers
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
      },
    },
  },
});
