"""The GraphQL schema, generated from the vocabulary, and how operations on it are answered."""
