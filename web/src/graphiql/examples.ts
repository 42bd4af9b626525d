import source from "./examples.graphql?raw";

/** The examples, in the order of the file: each begins at a line of its own with `# ==`. */
export const examples: string[] = source
  .split(/^# == /m)
  .slice(1)
  .map((part) => `# ${part.trim()}\n`);
