// One conversation as any client holds it: make a thread, listen, ask, and read the answer.
//
// node clients/NAME.mjs URL TOKEN
//
// What came is printed as one line of JSON, for tests/server/test_clients.py.

export const [url, token] = process.argv.slice(2);

export const CREATE = /* GraphQL */ `
  mutation Create($input: CreateThreadInput!) {
    createThread(input: $input) { thread { id } error { kind title } }
  }
`;

export const SEND = /* GraphQL */ `
  mutation Send($input: SendInput!) {
    send(input: $input) { answer { id status } error { kind title } }
  }
`;

export const EVENTS = /* GraphQL */ `
  subscription Events($id: ID!) {
    threadEvents(id: $id) {
      revision
      events {
        __typename
        ... on TextAdded { messageId offset text }
        ... on AnswerFinished { message { id status text } }
      }
    }
  }
`;

export const THREAD = /* GraphQL */ `
  query Thread($id: ID!) { thread(id: $id) { title path { id role text } } }
`;

export const settings = {
  model: "demo-fast",
  params: { extra: { demo: { tokens: 40, rate: 400, first_token: 0 } } },
};

/** Gathers what a subscription brings; `take` says whether the answer has ended. */
export function gather() {
  const heard = { kinds: [], text: "", final: null };
  return {
    heard,
    take({ events }) {
      for (const event of events) {
        heard.kinds.push(event.__typename);
        if (event.__typename === "TextAdded") heard.text += event.text;
        if (event.__typename === "AnswerFinished") heard.final = event.message.text;
      }
      return heard.final !== null;
    },
  };
}

/**
 * Holds the conversation.
 * @param {(document: string, variables: object) => Promise<any>} ask for a query or a mutation
 * @param {(document: string, variables: object, next: (data: any) => void) => () => void} listen
 */
export async function converse(ask, listen) {
  const { createThread } = await ask(CREATE, { input: settings });
  const { id } = createThread.thread;
  const { heard, take } = gather();
  await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("nothing came for 20 s")), 20_000).unref();
    let asked = false;
    const stop = listen(EVENTS, { id }, (data) => {
      if (!asked) {
        asked = true;
        const content = [{ text: "Hello" }];
        ask(SEND, { input: { threadId: id, content } }).catch(reject);
      }
      if (take(data.threadEvents)) {
        stop();
        resolve(undefined);
      }
    });
  });
  const { thread } = await ask(THREAD, { id });
  process.stdout.write(`${JSON.stringify({ ...heard, path: thread.path })}\n`);
}

/** How a client of graphql-ws's or graphql-sse's kind asks, and how it listens. */
export function waysOf(client) {
  const ask = async (query, variables) => {
    for await (const { data, errors } of client.iterate({ query, variables })) {
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    }
  };
  const listen = (query, variables, next) =>
    client.subscribe(
      { query, variables },
      {
        next: ({ data }) => next(data),
        error: (error) => {
          throw error;
        },
        complete: () => undefined,
      },
    );
  return [ask, listen];
}
