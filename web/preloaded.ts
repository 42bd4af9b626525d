import type { Plugin } from "vite";

/** Has a page load the code of what it shows first together with its own, and not after it. */
export function preloaded(page: string, module: string): Plugin {
  return {
    name: "preloaded",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle, filename }) {
        if (!bundle || !filename.endsWith(page)) return [];
        const chunk = Object.values(bundle).find((one) => one.type === "chunk" && one.facadeModuleId?.endsWith(module));
        if (chunk?.type !== "chunk") return [];
        return [chunk.fileName, ...chunk.imports].map((name) => ({
          tag: "link",
          attrs: { rel: "modulepreload", crossorigin: true, href: `/static/${name}` },
          injectTo: "head" as const,
        }));
      },
    },
  };
}
