import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin, Rolldown } from "vite";

const folders = new Set<string>();

function collect(bundle: Rolldown.OutputBundle): void {
  for (const chunk of Object.values(bundle)) {
    if (chunk.type !== "chunk") continue;
    for (const id of chunk.moduleIds) {
      const found = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.split("?")[0] ?? "");
      if (found) folders.add(found[0].replace(/^\0/, ""));
    }
  }
}

/** Notes the packages in the code of workers, which is bundled by itself, before the rest. */
export function workerLicences(): Plugin {
  return { name: "worker-licences", generateBundle: (_options, bundle) => collect(bundle) };
}

/** Writes the licences of all packages whose code is in the bundle beside it, as licences.txt. */
export function licences(): Plugin {
  return {
    name: "licences",
    generateBundle(_options, bundle) {
      collect(bundle);
      const parts = [...folders].sort().map((folder) => {
        const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf-8"));
        const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
        const text = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf-8") : "";
        return `${about.name} ${about.version} (${about.license})\n\n${text.trim()}\n`;
      });
      this.emitFile({ type: "asset", fileName: "licences.txt", source: parts.join("\n----\n\n") });
    },
  };
}
