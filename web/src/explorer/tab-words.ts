import type { Words } from "../shared/words";
import type { Tab } from "./tabs";

export const words: Words<Tab> = {
  en: { causes: "Causes", search: "Search", paths: "Pathfinding", query: "Query", analysis: "Analysis", review: "Review" },
  es: { causes: "Causas", search: "Búsqueda", paths: "Caminos", query: "Consulta", analysis: "Análisis", review: "Revisión" },
  pt: { causes: "Causas", search: "Busca", paths: "Caminhos", query: "Consulta", analysis: "Análise", review: "Revisão" },
};
