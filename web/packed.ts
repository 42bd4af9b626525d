import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const LEAST = 1000;

/** Writes each built text beside itself as .gz, so that the service sends it packed without packing it each time. */
export function packed(): Plugin {
  let folder = "";
  return {
    name: "packed",
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle() {
      const names = [...readdirSync(join(folder, "assets")).map((name) => join("assets", name)), "widget.js"];
      for (const name of names) {
        if (!/\.(js|css|svg)$/.test(name) || !existsSync(join(folder, name))) continue;
        const content = readFileSync(join(folder, name));
        if (content.length >= LEAST) writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}
