import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripIgnoredCharacters } from "graphql";
import type { Plugin } from "vite";

const ASKED = ".graphql?trusted";

/**
 * Gives the hash of a document in place of its text (`import hash from "./customer.graphql?trusted"`), and writes the
 * texts into documents.json, which the service reads: it answers these by their hash, whatever else it answers.
 */
export function trusted(): Plugin {
  const documents = new Map<string, string>();
  let folder = "";
  return {
    name: "trusted",
    enforce: "pre",
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    load(id) {
      if (!id.endsWith(ASKED)) return null;
      const file = id.slice(0, -"?trusted".length);
      this.addWatchFile(file);
      const text = stripIgnoredCharacters(readFileSync(file, "utf-8"));
      const hash = createHash("sha256").update(text).digest("hex");
      documents.set(hash, text);
      return `export default ${JSON.stringify(hash)};`;
    },
    closeBundle() {
      if (documents.size && existsSync(folder)) {
        writeFileSync(join(folder, "documents.json"), `${JSON.stringify(Object.fromEntries(documents), null, 1)}\n`);
      }
    },
  };
}
