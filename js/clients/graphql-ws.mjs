// Everything over one WebSocket, by the reference client of the protocol.
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { converse, token, url, waysOf } from "./scenario.mjs";

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

await converse(...waysOf(client));
await client.dispose();
