// Everything over one WebSocket, by the reference client of the protocol.
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { converse, token, url } from "./scenario.mjs";

class WithToken extends WebSocket {
  constructor(address, protocols) {
    super(address, protocols, { headers: { Authorization: `token ${token}` } });
  }
}

const client = createClient({
  url: url.replace(/^http/, "ws"),
  webSocketImpl: WithToken,
  retryAttempts: 0,
  keepAlive: 5_000,
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
await client.dispose();
