// HTTP and Server-Sent Events, by urql's own fetch exchange.
import { Client, fetchExchange } from "@urql/core";
import { converse, token, url } from "./scenario.mjs";

// Leaving a stream ends its request, which urql's own reader then rejects with, heard by nobody.
process.on("unhandledRejection", (error) => {
  if (error?.name !== "AbortError") throw error;
});

const client = new Client({
  url,
  exchanges: [fetchExchange],
  fetchSubscriptions: true,
  preferGetMethod: false,
  fetchOptions: { headers: { Authorization: `token ${token}` } },
});

async function ask(document, variables) {
  const kind = document.includes("mutation") ? "mutation" : "query";
  const result = await client[kind](document, variables).toPromise();
  if (result.error) throw result.error;
  return result.data;
}

function listen(document, variables, next) {
  const { unsubscribe } = client.subscription(document, variables).subscribe(({ data, error }) => {
    if (error) {
      console.error(error);
      process.exit(1);
    }
    if (data) next(data);
  });
  return unsubscribe;
}

await converse(ask, listen);
process.exit(0);
