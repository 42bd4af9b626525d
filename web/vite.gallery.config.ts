import { defineConfig } from "vite";

// The elements on one page, for the tests.
export default defineConfig({
  base: "/gallery/",
  root: "gallery",
  logLevel: "warn",
  build: { outDir: "../../build/gallery", emptyOutDir: true, modulePreload: { polyfill: false } },
});
