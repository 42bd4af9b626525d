import type { CustomerQuery } from "./customer.generated";

export type View = NonNullable<NonNullable<CustomerQuery["customerViews"]>[number]>;
type Nodes<T> = T extends { nodes: (infer N)[] } ? N : never;
export type Complaint = Nodes<View["complaints"]>;
export type Contact = Nodes<View["contacts"]>;
export type Invoice = Nodes<View["invoices"]>;
export type Subscription = Nodes<View["subscriptions"]>;
export type Entry = Nodes<View["timeline"]>;
export type Action = View["actions"][number];

// What companies call that something is over, or as it should be, in the languages that we speak.
const OVER =
  /^(paid|settled|closed|resolved|solved|done|cancell?ed|void|pag[ao]d?[ao]?|liquidad[ao]|quitad[ao]|cerrad[ao]|encerrad[ao]|fechad[ao]|resuelt[ao]|resolvid[ao]|anulad[ao]|cancelad[ao])\b/i;
const WELL = /^(active|activ[ao]|ativ[ao]|ok|current)\b/i;

/** What is open: unpaid invoices, services that do not run, complaints that their system has not closed. */
export interface Open {
  invoices: { invoice: Invoice; late: boolean }[];
  subscriptions: Subscription[];
  complaints: Complaint[];
}

/** today: as 2026-11-27. */
export function findOpen(view: View, today: string): Open {
  const over = (status?: string | null) => OVER.test(status ?? "");
  return {
    invoices: (view.invoices?.nodes ?? [])
      .filter((one) => !over(one.status) && !one.paysFromPayment?.nodes.length && (one.status || one.dueOn))
      .map((invoice) => ({ invoice, late: !!invoice.dueOn && invoice.dueOn < today })),
    subscriptions: (view.subscriptions?.nodes ?? []).filter(
      (one) => one.status && !over(one.status) && !WELL.test(one.status) && !(one.endedOn && one.endedOn <= today),
    ),
    complaints: (view.complaints?.nodes ?? []).filter((one) => one.status && !over(one.status)),
  };
}

/** The systems that know a customer, with how many records each has of them; most come first. */
export function countSources(view: View): [system: string, records: number][] {
  const counted = new Map<string, number>();
  for (const { system, key } of view.records?.nodes ?? []) {
    const name = system ?? key.split(":")[0] ?? "";
    counted.set(name, (counted.get(name) ?? 0) + 1);
  }
  return [...counted].sort((one, other) => other[1] - one[1] || one[0].localeCompare(other[0]));
}
