// A message to a comm past the queue of the kernel's cells.
//
// Kernels without subshells (ipykernel 6) handle comm messages between cells, so that a Stop
// would wait for the cell that is running. Their control channel is read all the time.

import { dig } from "./dig.ts";

interface Kernel {
  readonly clientId: string;
  readonly username: string;
  sendControlMessage(message: object, expectReply: boolean, disposeOnDone: boolean): unknown;
}

/** The kernel of the notebook that a widget manager belongs to, where it can be reached. */
function kernelOf(manager: unknown): Kernel | undefined {
  const kernel =
    dig(manager, "context", "sessionContext", "session", "kernel") ?? dig(manager, "kernel");
  return typeof dig(kernel, "sendControlMessage") === "function" ? (kernel as Kernel) : undefined;
}

/** Sends a custom message on the control channel, or says that the host has none to offer. */
export function sendOnControl(manager: unknown, comm: string, content: object): boolean {
  const kernel = kernelOf(manager);
  if (!kernel) return false;
  const header = {
    msg_id: `${comm}-${Date.now()}-${Math.random().toString(36).slice(2)}`,
    msg_type: "comm_msg",
    session: kernel.clientId,
    username: kernel.username,
    date: new Date().toISOString(),
    version: "5.3",
  };
  const data = { method: "custom", content };
  const message = {
    header,
    parent_header: {},
    metadata: {},
    channel: "control",
    content: { comm_id: comm, data },
    buffers: [],
  };
  kernel.sendControlMessage(message, false, true);
  return true;
}
