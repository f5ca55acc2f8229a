// What is asked for, word for word.

const ERROR = "kind title detail actions facts";
const RETRY = `attempt attempts wait error { ${ERROR} }`;

const VARIABLE = "name source kind text length tokens digest error";

/** What is known of an answer once it has ended. */
const FIGURES = `
  status model finishReason requestId tokens invalid hasLogprobs
  usage { inputTokens outputTokens cachedTokens reasoningTokens cost }
  timing { duration firstToken reasoning }
  error { ${ERROR} }`;

const WHOLE = `
fragment Whole on Message {
  id parent role created connection params prompt toolCallId continued reasked copyOf ${FIGURES}
  retry { ${RETRY} }
  consent { wait }
  variables { name digest }
  content { ...Piece }
}
fragment Piece on Part {
  __typename
  ... on TextPart { text }
  ... on ReasoningPart { text }
  ... on RefusalPart { text }
  ... on ImagePart { mediaType data url label width height detail }
  ... on TablePart { text columns rows shape label }
  ... on ToolCallPart { id name arguments }
}
`;

const FRAGMENTS = `${WHOLE}
fragment Beside on Settings {
  connection { name label demo status keyTail keySource }
  connections { name label demo }
  offers { name label url models }
  models { id context inputPrice outputPrice note }
  running queued undo
  variables { ${VARIABLE} }
  usage { context window cost inputTokens outputTokens }
  storage { kind error }
  tools { name signature description parameters confirm enabled }
  refused ignored
}`;

export const THREAD_EVENTS = `
subscription ThreadEvents($id: ID!, $revision: Int, $offsets: [TextOffset!]) {
  threadEvents(id: $id, revision: $revision, offsets: $offsets) {
    revision
    events {
      __typename
      ... on ThreadSnapshot {
        revision
        thread {
          id title system prompts { text created } model params created head
          messages { ...Whole }
        }
        settings { ...Beside }
      }
      ... on MessagesAdded { revision head messages { ...Whole } }
      ... on AnswerStarted { revision head message { ...Whole } }
      ... on AnswerRetrying { revision messageId retry { ${RETRY} } }
      ... on CallAsking { revision messageId consent { wait } }
      ... on AnswerFinished { revision lengths content { ...Piece } message { id ${FIGURES} } }
      ... on BranchSelected { revision head }
      ... on ThreadChanged {
        revision
        changes { title system prompts { text created } model params }
      }
      ... on TextAdded { messageId part offset text kind tokens callId callName }
      ... on SettingsChanged { settings { ...Beside } }
      ... on ThreadDeleted { threadId }
    }
  }
}
${FRAGMENTS}`;

const PROGRESS = "status reason total complete failed cancelled running cost rate left pausing";
const PICK = "row variant sample";
const WIN_RATE = "variant wins of rate low high";
const SUMMARY = `
  variant measures { name mean low high n } firstToken speed tokens cost duration`;

const CELL = `
fragment Cell on ComparisonCell {
  row variant sample status output invalid refused requestId model finishReason cost
  steps { round id name arguments result error duration }
  scores { name value error reason }
  usage { inputTokens outputTokens cachedTokens reasoningTokens cost }
  timing { duration firstToken reasoning }
  error { ${ERROR} }
}`;

export const COMPARISON_EVENTS = `
subscription ComparisonEvents($id: ID!) {
  comparisonEvents(id: $id) {
    events {
      __typename
      ... on ComparisonSnapshot {
        comparison {
          id name status reason columns input samples blind elsewhere
          rows { index data }
          variants { name system model connection params tools }
          scorers { name kind prompt }
          messages { ...Whole }
          progress { ${PROGRESS} }
          picks { ${PICK} }
          summary { ${SUMMARY} }
          winRates { ${WIN_RATE} }
          cells { ...Cell }
        }
      }
      ... on CellStarted { row variant sample }
      ... on CellTextAdded { row variant sample offset text }
      ... on CellFinished { cell { ...Cell } }
      ... on ComparisonProgressed { progress { ${PROGRESS} } }
      ... on AnswersPicked { picks { ${PICK} } winRates { ${WIN_RATE} } }
      ... on ComparisonSummarized { summary { ${SUMMARY} } }
      ... on ComparisonRenamed { name }
    }
  }
}
${CELL}
${WHOLE}`;

export const COMPARISONS = `
query Comparisons($search: String) {
  comparisons(search: $search) { id name status created rows variants done cells cost }
}`;

export const THREADS_CHANGED = "subscription ThreadsChanged { threadsChanged { changes } }";

export const SERVER = "query Server { server { id } }";

export const THREAD_EXISTS = "query ThreadExists($id: ID!) { thread(id: $id) { id } }";

export const THREADS = `
query Threads($first: Int, $after: String, $search: String) {
  threads(first: $first, after: $after, search: $search) {
    edges {
      node {
        id title created updated pinned messageCount branchCount running
        snippet { text hit }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const VARIABLES = `
query Variables($threadId: ID!, $names: [String!]!) {
  variables(threadId: $threadId, names: $names) { ${VARIABLE} }
}`;

export const CODE = `
query Code($thread: ID!, $message: ID, $language: CodeLanguage!) {
  code(thread: $thread, message: $message, language: $language)
}`;

export const WIRE = `
query Wire($thread: ID!, $message: ID!) {
  wire(thread: $thread, message: $message) {
    request { url method body }
    rebuilt
    attempts { at wait status requestId error }
    chunks { at text }
    omitted recorded
  }
}`;

export const LOGPROBS = `
query Logprobs($thread: ID!, $message: ID!) {
  logprobs(thread: $thread, message: $message) { token logprob top { token logprob } }
}`;

/** What each mutation is asked for beside its error. */
const PAYLOADS = {
  createThread: "thread { id }",
  importThreads: "threadIds",
  renameThread: "revision",
  pinThread: "",
  duplicateThread: "threadId",
  deleteThread: "",
  restoreThread: "",
  updateThread: "revision undo",
  addMessage: "revision undo",
  editMessage: "revision undo",
  deleteMessages: "revision undo",
  selectBranch: "revision",
  undo: "revision undone",
  send: "revision",
  runThread: "revision",
  regenerateAnswer: "revision",
  continueAnswer: "revision",
  reaskAnswer: "revision",
  allowCall: "",
  denyCall: "",
  stop: "stopped",
  retryNow: "hurried",
  setVariable: "",
  useConnection: "revision",
  refreshModels: "",
  setTool: "",
  startComparison: "comparisonId",
  steerComparison: "",
  pickAnswer: "",
  useAnswer: "revision messageId",
  renameComparison: "",
  deleteComparison: "",
  exportComparison: "file { name mediaType text } cells { type source metadata }",
  exportThread: "file { name mediaType text } cells { type source metadata }",
} as const;

export type MutationName = keyof typeof PAYLOADS;

/** The document of a mutation, whose one variable is its input. */
export function mutation(name: MutationName): string {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return `mutation ${type}($input: ${type}Input!) {
  ${name}(input: $input) { ${PAYLOADS[name]} error { __typename kind title detail } }
}`;
}
