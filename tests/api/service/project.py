"""The project of the company whose data are marked, and what its people write."""

PROJECT = """\
version: 1
name: marked
languages: [en]
country: ES
currency: EUR
text: {extractor: lexical}
kinds:
  Customer:
    properties:
      code: text
      nick: {type: text, sensitivity: personal, searchable: true}
      diagnosis: {type: text, sensitivity: sensitive, searchable: true, indexed: true}
      income: {type: money, sensitivity: personal}
  Order:
    begins: placed_on
    properties:
      placed_on: date
      days: integer
      total: money
      tag: text
      note: {type: text, sensitivity: sensitive, searchable: true}
  Courier: {properties: {plate: text}}
  Depot:
    {shared: true, caption: name, properties: {name: text, manager: {type: text, sensitivity: personal}}}
  SKU: {shared: true, properties: {code: {type: text, sensitivity: sensitive, searchable: true}}}
relationships:
  PLACED: {ends: [Customer -> Order]}
  BROUGHT_BY: {ends: [Order -> Courier], properties: {receipt: {type: text, sensitivity: personal}}}
  FROM: {ends: [Order -> Depot]}
  SKU: {ends: [Product -> SKU], properties: {code: text}}
  KNOWS:
    {ends: [Customer -> Customer], properties: {how: {type: text, sensitivity: personal}, years: integer}}
  PAYS: {ends: [Payment -> Order]}
  ABOUT: {ends: [Complaint -> Order]}
sources:
  crm: {path: customers.csv, key: id}
  web: {path: accounts.csv, key: id}
  orders: {path: orders.csv, key: id}
  messages: {path: messages.jsonl, key: id}
targets:
  nodes:
    - source: crm
      kind: Customer
      key: id
      properties: {name: name, email: email, phone: phone, tax_number: dni, external_id: external,
        birth_date: born, address: address, segment: segment, since: since, language: language, code: code,
        nick: nick, diagnosis: diagnosis, income: income}
    - {source: web, kind: Customer, key: id, properties: {email: email, name: name}}
    - source: orders
      kind: Order
      key: id
      properties: {placed_on: day, days: days, total: total, tag: tag, note: note}
    - {source: orders, kind: Courier, key: courier, properties: {plate: courier}}
    - {source: orders, kind: Depot, key: depot}
    - source: messages
      kind: Complaint
      key: id
      properties: {text: text, title: title, filed_at: at, status: status, score: score, language: language}
  relationships:
    - {source: orders, type: PLACED, start: {kind: Customer, key: customer, system: crm}, end: Order}
    - {source: orders, type: BROUGHT_BY, start: Order, end: Courier, properties: {receipt: receipt}}
    - {source: orders, type: FROM, start: Order, end: Depot}
    - {source: messages, type: FILED, start: {kind: Customer, key: customer, system: crm}, end: Complaint}
    - {source: messages, type: ABOUT, start: Complaint, end: {kind: Order, key: order}}
identity: [email]
root_causes: {unit: Order, money: Order.total}
"""
LATE = "My parcel {0} arrived late because the courier did not come. I want a refund."
TWICE = "I was charged twice for the order {0}."
ROOF = (
    "I am angry because the roof of the waiting room was leaking {0}.",
    "I am angry because the roof of the waiting room leaked again {0}.",
    "My coat is ruined because the roof of the waiting room was leaking all night {0}.",
)
