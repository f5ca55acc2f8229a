// Queries and mutations over HTTP, subscriptions over a WebSocket, by Apollo Client.
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from "@apollo/client/core";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { OperationTypeNode } from "graphql";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { converse, token, url } from "./scenario.mjs";

const socket = createClient({
  // A browser cannot set headers there; the token may stand in the address.
  url: `${url.replace(/^http/, "ws")}?token=${token}`,
  webSocketImpl: WebSocket,
  retryAttempts: 0,
});
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    new HttpLink({ uri: url, headers: { Authorization: `token ${token}` } }),
  ),
});

async function ask(document, variables) {
  const parsed = gql(document);
  const { data } = document.includes("mutation")
    ? await client.mutate({ mutation: parsed, variables })
    : await client.query({ query: parsed, variables, fetchPolicy: "no-cache" });
  return data;
}

function listen(document, variables, next) {
  const subscription = client
    .subscribe({ query: gql(document), variables, fetchPolicy: "no-cache" })
    .subscribe({
      next: ({ data }) => next(data),
      error: (error) => {
        console.error(error);
        process.exit(1);
      },
    });
  return () => subscription.unsubscribe();
}

await converse(ask, listen);
client.stop();
await socket.dispose();
process.exit(0);
