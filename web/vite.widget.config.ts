import { defineConfig } from "vite";
import { packed } from "./packed.ts";
import { trusted } from "./trusted.ts";

// The widget, apart from the other pages so that it shares no file with them and stays small: the page in the frame,
// and with `--mode loader` what a CRM loads, which is one classic script of a name that stays.
export default defineConfig(({ mode }) => ({
  base: "/static/",
  root: "src",
  logLevel: "warn",
  plugins: [packed(), ...(mode === "loader" ? [] : [trusted()])],
  build: {
    outDir: "../../api/static",
    emptyOutDir: false, // the other pages are there already
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions:
      mode === "loader"
        ? { input: "src/widget/loader.ts", output: { format: "iife" as const, entryFileNames: "widget.js" } }
        : { input: "src/widget.html" },
  },
}));
