// Server-Sent Events, by the reference client of the protocol.
import { createClient } from "graphql-sse";
import { converse, token, url, waysOf } from "./scenario.mjs";

const client = createClient({
  url,
  headers: { Authorization: `token ${token}` },
  retryAttempts: 0,
});

await converse(...waysOf(client));
client.dispose();
process.exit(0);
