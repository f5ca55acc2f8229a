// Server-Sent Events, by the reference client of the protocol.
import { createClient } from "graphql-sse";
import { converse, token, url } from "./scenario.mjs";

const client = createClient({
  url,
  headers: { Authorization: `token ${token}` },
  retryAttempts: 0,
});

async function ask(query, variables) {
  for await (const result of client.iterate({ query, variables })) {
    if (result.errors) throw new Error(JSON.stringify(result.errors));
    return result.data;
  }
}

function listen(query, variables, next) {
  const sink = {
    next: ({ data }) => next(data),
    error: (error) => {
      console.error(error);
      process.exit(1);
    },
    complete: () => undefined,
  };
  return client.subscribe({ query, variables }, sink);
}

await converse(ask, listen);
client.dispose();
process.exit(0);
