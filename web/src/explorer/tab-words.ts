import type { Words } from "../shared/words";

/** In their order. */
const NAMES = ["causes", "search", "paths", "query", "analysis", "review"] as const;
export type Tab = (typeof NAMES)[number];

export function isTab(name: string): name is Tab {
  return (NAMES as readonly string[]).includes(name);
}

export const words: Words<Tab> = {
  en: { causes: "Causes", search: "Search", paths: "Pathfinding", query: "Query", analysis: "Analysis", review: "Review" },
  es: { causes: "Causas", search: "Búsqueda", paths: "Caminos", query: "Consulta", analysis: "Análisis", review: "Revisión" },
  pt: { causes: "Causas", search: "Busca", paths: "Caminhos", query: "Consulta", analysis: "Análise", review: "Revisão" },
};
