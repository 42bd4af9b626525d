// node audit.mjs URL FOLDER TOKEN: runs the audit of the package graphql-http, prints its results as JSON.
import { createRequire } from "node:module";
import { join } from "node:path";

const [url, folder, token] = process.argv.slice(2);
const { auditServer } = createRequire(join(folder, "package.json"))("graphql-http");
const fetchFn = (address, init = {}) =>
  fetch(address, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
const results = await auditServer({ url, fetchFn });
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))));
