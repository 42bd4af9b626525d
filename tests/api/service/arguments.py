"""Arguments of the fields of the schema, for somebody who knows keys and ids: `<Customer.id>`."""

ALL = "[<Customer.id>, <Complaint.id>, <Order.id>, <Invoice.id>, <Courier.id>, <Product.id>, <Cause.id>]"
ORDERS = '{path: "Order-BROUGHT_BY->Courier"}'
# With what fields are asked for that have arguments, where it is more than the key of a node.
ARGUMENTS = {
    "Query.node": ["id: <Customer.id>", "id: <Product.id>"],
    "Query.nodes": [f"ids: {ALL}"],
    "Query.search": ['text: "late"', 'text: "fibre"', 'text: "zq"'],
    "Query.suggest": ['text: "fib"', 'text: "zq"', 'text: "crm:zq"'],
    "Query.neighbours": ["id: <Customer.id>", "id: <Order.id>", "id: <Product.id>"],
    "Query.expand": ["id: <Customer.id>", "id: <Courier.id>", "id: <Product.id>"],
    "Query.shortestPath": ["from: <Customer.id>, to: <Courier.id>", "from: <Region.id>, to: <Complaint.id>"],
    "Query.shortestPaths": ["from: <Customer.id>, to: <Depot.id>"],
    "Query.subgraph": [f"ids: {ALL}", 'ids: ["UHJvZHVjdApub25l", <Customer.id>]'],
    "Query.customerView": ["key: <Customer.key>", "record: <SourceRecord.key>"],
    "Query.customerViews": ["ids: [<Customer.id>], keys: [<Customer.key>], records: [<SourceRecord.key>]"],
    "Query.aggregate": [
        f'kind: Order, by: [{ORDERS}], measures: [{{op: COUNT}}, {{op: MAX, of: "total"}}]',
        'kind: Customer, by: [{path: "segment"}, {path: "nick"}], measures: [{op: MAX, of: "income"}]',
    ],
    "Query.facets": [
        f"kind: Order, customers: true, top: 1, facets: [{ORDERS}]",
        'kind: Order, facets: [{path: "note"}]',
        'kind: Complaint, facets: [{path: "text"}, {path: "Complaint<-FILED-Customer.name"}]',
    ],
    "Query.trend": [
        "kind: Complaint",
        f"kind: Complaint, against: {{kind: Order}}, lens: {ORDERS}",
        'kind: Order, lens: {path: "note"}',
    ],
    "Query.rootCause": ["id: <late.id>", "id: <angry.id>"],
    "Query.cause": ['key: "delivery.late"', 'key: "billing.double_charge"'],
    "Query.rootCauseNode": ["key: <late.id>", "key: <angry.id>"],
    "Query.action": ['key: "vans"', 'key: "a1"', 'key: "a2"'],
    "Query.causesOfCauses": ['causes: ["delivery.not_received", "delivery.late"]'],
    "Query.job": ["id: <Job.id>", "id: <FailedJob.id>"],
    "Query.causeQuotes": ["id: <Proposal.id>"],
}
