"""Threads over the network: GraphQL, and the playground as a page."""
