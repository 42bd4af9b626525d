import type { Tab } from "./tab-words";

/** The tabs, in their order; the code and style of each are loaded when it is first opened. */
export const TABS = {
  causes: { element: "m-causes", load: () => import("../causes") },
  search: { element: "m-search-tab", load: () => import("../canvas") },
  paths: { element: "m-paths-tab", load: () => import("../canvas") },
  query: { element: "m-query", load: () => import("./query") },
  analysis: { element: "m-analysis", load: () => import("../analysis") },
  review: { element: "m-review", load: () => import("../review") },
} as const satisfies Record<Tab, { element: string; load: () => Promise<unknown> }>;
