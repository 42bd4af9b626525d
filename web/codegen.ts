import type { CodegenConfig } from "@graphql-codegen/cli";

// Types of the service's schema, and beside each .graphql file one with its operations, typed.
const scalars = { Date: "string", DateTime: "string", Decimal: "string", JSON: "unknown" };

export default {
  schema: "../docs/schema.graphql",
  documents: ["src/**/*.graphql", "!src/graphiql/**"],
  generates: {
    "src/shared/types.generated.ts": { plugins: ["typescript"], config: { scalars, enumsAsTypes: true, onlyOperationTypes: true } },
    "src/": {
      preset: "near-operation-file",
      presetConfig: { baseTypesPath: "shared/types.generated.ts", extension: ".generated.ts" },
      plugins: ["typescript-operations", "typed-document-node"],
      config: { scalars, documentMode: "string", enumsAsTypes: true, useTypeImports: true },
    },
  },
} satisfies CodegenConfig;
