// graphql-js beside answering.py: reads what to do from standard input, writes times (CPU ms) and answers.
import { readFileSync } from "node:fs";
import * as g from "graphql";

const task = JSON.parse(readFileSync(0, "utf-8"));
const required = (type) => new g.GraphQLNonNull(type);
const listed = (type) => required(new g.GraphQLList(required(type)));
const text = { type: required(g.GraphQLString) };
const id = { type: required(g.GraphQLID) };

const Cause = new g.GraphQLObjectType({ name: "Cause", fields: { id, name: text } });
const Complaint = new g.GraphQLObjectType({
  name: "Complaint",
  fields: {
    id, text, channel: text,
    cause: { type: required(Cause), resolve: (complaint) => task.causes[complaint.cause_id] },
  },
});
const Customer = new g.GraphQLObjectType({
  name: "Customer",
  fields: {
    id, name: text,
    complaints: {
      type: listed(Complaint),
      args: { first: { type: required(g.GraphQLInt) } },
      resolve: (customer, { first }) => task.complaints[customer.id].slice(0, first),
    },
  },
});
const schema = new g.GraphQLSchema({
  query: new g.GraphQLObjectType({
    name: "Query",
    fields: {
      hello: { ...text, resolve: () => "world" },
      customers: { type: listed(Customer), resolve: () => task.customers },
    },
  }),
});

const found = { times: {}, answers: {} };
for (const [name, source] of Object.entries(task.operations)) {
  const document = g.parse(source);
  if (g.validate(schema, document).length) throw new Error(`${name} is not valid`);
  const answer = () =>
    JSON.stringify(g.executeSync({ schema, document, variableValues: name === "hello" ? {} : task.variables }));
  for (let round = 0; round < task.rounds; round++) answer();
  found.times[name] = [];
  for (let round = 0; round < task.rounds; round++) {
    const begun = process.cpuUsage();
    answer();
    const used = process.cpuUsage(begun);
    found.times[name].push((used.user + used.system) / 1e3);
  }
  found.answers[name] = answer();
}
process.stdout.write(JSON.stringify(found));
