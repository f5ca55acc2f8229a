"""Every mutation, what refuses it, and that none is done twice."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from playground_widget.server.schema import schema
from tests.server.conftest import Jupyter
from tests.unit.export.threads import png

ERROR = "error { __typename kind title detail ... on Conflict { revision } }"
FIELDS = {
    "createThread": "thread { id revision title system model params messages { id role text } }",
    "importThreads": "threadIds",
    "renameThread": "revision",
    "duplicateThread": "threadId",
    "updateThread": "revision undo",
    "addMessage": "revision undo messages { id role text parent }",
    "editMessage": "revision undo message { id text } answer { id status parent }",
    "deleteMessages": "revision undo answer { id status }",
    "selectBranch": "revision",
    "undo": "revision undone",
    "send": "revision answer { id status role }",
    "runThread": "revision answer { id status }",
    "regenerateAnswer": "revision answer { id status }",
    "continueAnswer": "revision answer { id status continued text }",
    "reaskAnswer": "revision answer { id status reasked text }",
    "stop": "stopped",
    "retryNow": "hurried",
    "setVariable": "variable { name source kind text length tokens digest error }",
    "addConnection": "connection { name label status keyTail keySource }",
    "useConnection": "revision connection { name keyTail }",
    "refreshModels": "models { id }",
    "exportThread": "file { name mediaType text } cells { type source }",
}


@pytest.fixture
def do(jupyter: Jupyter) -> Callable[..., Any]:
    """Carry out a mutation and return its payload."""

    def carry_out(name: str, /, **given: Any) -> Any:
        kind = f"{name[0].upper()}{name[1:]}Input"
        wanted = f"clientMutationId {ERROR} {FIELDS.get(name, '')}"
        query = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {wanted} }} }}"
        return jupyter.ask(query, {"input": given})[name]

    return carry_out


@pytest.fixture
def ok(do: Callable[..., Any]) -> Callable[..., Any]:
    """Carry out a mutation that has to succeed."""

    def carry_out(name: str, /, **given: Any) -> Any:
        payload = do(name, **given)
        assert payload["error"] is None
        return payload

    return carry_out


@pytest.fixture
def thread(ok: Callable[..., Any]) -> str:
    """A thread with a question in it, whose answers come at once."""
    params = {"extra": {"demo": {"tokens": 20, "rate": None, "first_token": 0}}}
    made = ok(
        "createThread",
        title="Thread",
        model="demo-fast",
        params=params,
        messages=[{"content": [{"text": "Which is heaviest?"}]}],
    )
    return str(made["thread"]["id"])


def text(words: str) -> list[dict[str, str]]:
    return [{"text": words}]


def read(jupyter: Jupyter, thread: str) -> Any:
    query = """
      query ($id: ID!) { thread(id: $id) {
        revision title system model params head settings { undo running }
        messages { id text role status parent }
        path { id text role status }
      } }
    """
    return jupyter.ask(query, {"id": thread})["thread"]


def settled(jupyter: Jupyter, thread: str) -> Any:
    """Wait until nothing is written in a thread, and return it."""
    deadline = time.monotonic() + 30
    while (now := read(jupyter, thread))["settings"]["running"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return now


def test_every_mutation_is_tried_here() -> None:
    mutation = schema().mutation_type
    assert mutation is not None
    tried = {*FIELDS, "pinThread", "deleteThread", "restoreThread", "removeConnection"}
    # In test_tools.py, where the server has some.
    tried |= {"allowCall", "denyCall", "setTool"}
    # In test_comparisons.py.
    tried |= {"startComparison", "steerComparison", "pickAnswer", "useAnswer"}
    tried |= {"renameComparison", "deleteComparison", "exportComparison"}
    assert set(mutation.fields) == tried


def test_a_thread_is_made_with_what_is_given(ok: Callable[..., Any]) -> None:
    made = ok(
        "createThread",
        title="Penguins",
        system="Be brief.",
        model="demo-fast",
        params={"temperature": 0.3},
        messages=[
            {"role": "USER", "content": text("One")},
            {"role": "ASSISTANT", "content": text("Two")},
        ],
    )["thread"]
    assert (made["title"], made["system"], made["model"]) == ("Penguins", "Be brief.", "demo-fast")
    assert made["params"] == {"temperature": 0.3}
    assert [(m["role"], m["text"]) for m in made["messages"]] == [
        ("USER", "One"),
        ("ASSISTANT", "Two"),
    ]


def test_a_thread_without_messages_is_stored_with_its_first(
    jupyter: Jupyter, ok: Callable[..., Any]
) -> None:
    made = ok("createThread", title="Later", model="demo-fast")["thread"]["id"]
    listed = '{ threads(search: "Later") { edges { node { id } } } }'
    assert jupyter.ask(listed)["threads"]["edges"] == []
    assert read(jupyter, made)["title"] == "Later"
    ok("addMessage", threadId=made, content=text("Now"))
    assert jupyter.ask(listed)["threads"]["edges"] == [{"node": {"id": made}}]


def test_parts_of_every_kind_come_back_as_they_were_given(
    jupyter: Jupyter, ok: Callable[..., Any], thread: str
) -> None:
    content: list[dict[str, Any]] = [
        {"text": "Words 🐧"},
        {"image": {"mediaType": "image/png", "data": png(), "label": "a.png", "width": 2}},
        {"image": {"url": "https://example.com/a.png", "detail": "low"}},
        {
            "table": {
                "text": "a,b",
                "columns": ["a", "b"],
                "rows": [[1, None], ["x", 1.5]],
                "shape": [2, 2],
                "label": "df",
            }
        },
    ]
    made = ok("addMessage", threadId=thread, content=content)["messages"][0]["id"]
    query = """
      query ($thread: ID!, $id: ID!) { message(threadId: $thread, id: $id) { content {
        __typename
        ... on TextPart { text }
        ... on ImagePart { mediaType data url label width detail }
        ... on TablePart { text columns rows shape label }
      } } }
    """
    found = jupyter.ask(query, {"thread": thread, "id": made})["message"]["content"]
    kept = [{name: v for name, v in part.items() if v is not None} for part in found]
    assert kept == [
        {"__typename": "TextPart", "text": "Words 🐧"},
        {"__typename": "ImagePart", **content[1]["image"]},
        {"__typename": "ImagePart", **content[2]["image"]},
        {"__typename": "TablePart", **content[3]["table"]},
    ]


def test_a_message_is_sent_and_answered(
    jupyter: Jupyter, ok: Callable[..., Any], thread: str
) -> None:
    sent = ok("send", threadId=thread, content=text("Hello"))
    assert (sent["answer"]["status"], sent["answer"]["role"]) == ("STREAMING", "ASSISTANT")
    path = settled(jupyter, thread)["path"]
    assert path[-1]["id"] == sent["answer"]["id"]
    assert path[-1]["status"] == "COMPLETE"
    assert path[-1]["text"]


def test_a_thread_is_run_regenerated_edited_selected_and_undone(
    jupyter: Jupyter, ok: Callable[..., Any], thread: str
) -> None:
    first = ok("runThread", threadId=thread)["answer"]["id"]
    question, _ = settled(jupyter, thread)["path"]
    second = ok("regenerateAnswer", threadId=thread, messageId=first)["answer"]["id"]
    assert settled(jupyter, thread)["head"] == second
    ok("selectBranch", threadId=thread, messageId=first)
    assert read(jupyter, thread)["head"] == first

    edited = ok("editMessage", threadId=thread, messageId=question["id"], content=text("Another?"))
    assert edited["message"]["text"] == "Another?"
    assert edited["answer"] is None
    assert read(jupyter, thread)["path"][0]["text"] == "Another?"
    assert ok("undo", threadId=thread, token=edited["undo"])["undone"] == "edit"
    assert read(jupyter, thread)["path"][0]["id"] == question["id"]

    rerun = ok(
        "editMessage",
        threadId=thread,
        messageId=question["id"],
        content=text("Third?"),
        rerun=True,
    )
    assert rerun["message"]["text"] == "Third?"
    assert rerun["answer"]["parent"] == rerun["message"]["id"]
    assert settled(jupyter, thread)["head"] == rerun["answer"]["id"]


def test_messages_are_added_and_deleted(
    jupyter: Jupyter, ok: Callable[..., Any], thread: str
) -> None:
    question = read(jupyter, thread)["path"][0]["id"]
    before = ok("addMessage", threadId=thread, content=text("Before"), before=question)
    assert [m["text"] for m in before["messages"]] == ["Before"]
    assert [m["text"] for m in read(jupyter, thread)["path"]] == ["Before", "Which is heaviest?"]
    ok("deleteMessages", threadId=thread, messageIds=[before["messages"][0]["id"]])
    assert [m["text"] for m in read(jupyter, thread)["path"]] == ["Which is heaviest?"]
    ok("addMessage", threadId=thread, content=text("More"), role="DEVELOPER")
    rerun = ok(
        "deleteMessages",
        threadId=thread,
        messageIds=[read(jupyter, thread)["head"]],
        rerun=True,
    )
    assert rerun["answer"]["status"] == "STREAMING"
    settled(jupyter, thread)


def test_an_answer_is_stopped_and_continued(
    jupyter: Jupyter, ok: Callable[..., Any], thread: str
) -> None:
    slow = {"extra": {"demo": {"tokens": 5000, "rate": 100, "first_token": 0}}}
    ok("updateThread", threadId=thread, params=slow)
    answer = ok("runThread", threadId=thread)["answer"]["id"]
    query = "query ($t: ID!, $m: ID!) { message(threadId: $t, id: $m) { text status } }"
    while not jupyter.ask(query, {"t": thread, "m": answer})["message"]["text"]:
        time.sleep(0.02)
    assert ok("stop", threadId=thread, messageId="another")["stopped"] is False
    assert ok("stop", threadId=thread, messageId=answer)["stopped"] is True
    settled(jupyter, thread)
    said = jupyter.ask(query, {"t": thread, "m": answer})["message"]
    assert said["status"] == "CANCELLED"
    ok("updateThread", threadId=thread, params={"extra": {"demo": {"tokens": 20, "rate": None}}})
    continued = ok("continueAnswer", threadId=thread, messageId=answer)["answer"]
    assert continued["continued"] == answer
    assert continued["text"].startswith(said["text"])
    settled(jupyter, thread)
    assert ok("stop", threadId=thread)["stopped"] is False
    assert ok("retryNow", threadId=thread)["hurried"] is False


def test_an_answer_that_does_not_fit_is_asked_for_again(
    jupyter: Jupyter, ok: Callable[..., Any], do: Callable[..., Any], thread: str
) -> None:
    # What is broken is said by the schema alone here: the server knows no class.
    schema = {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "never", "schema": schema}}
    cut = {"max_tokens": 1, "response_format": wanted, "extra": {"demo": {"rate": None}}}
    ok("updateThread", threadId=thread, params=cut)
    answer = ok("runThread", threadId=thread)["answer"]["id"]
    settled(jupyter, thread)
    query = "query ($t: ID!, $m: ID!) { message(threadId: $t, id: $m) { status invalid } }"
    said = jupyter.ask(query, {"t": thread, "m": answer})["message"]
    assert said["status"] == "COMPLETE"
    assert said["invalid"].startswith("the answer was cut off")
    ok("updateThread", threadId=thread, params={"max_tokens": None})
    again = ok("reaskAnswer", threadId=thread, messageId=answer)["answer"]
    assert again["reasked"] == answer
    settled(jupyter, thread)
    said = jupyter.ask(query, {"t": thread, "m": again["id"]})["message"]
    assert said == {"status": "COMPLETE", "invalid": None}
    refused = do("reaskAnswer", threadId=thread, messageId=again["id"])
    assert refused["error"] is not None


def test_fields_that_are_missing_stay(
    jupyter: Jupyter, ok: Callable[..., Any], thread: str
) -> None:
    ok("updateThread", threadId=thread, system="Be brief.", params={"temperature": 0.5, "seed": 1})
    ok("updateThread", threadId=thread, title="Another", params={"seed": None})
    now = read(jupyter, thread)
    assert (now["title"], now["system"], now["model"]) == ("Another", "Be brief.", "demo-fast")
    assert now["params"]["temperature"] == 0.5
    assert "seed" not in now["params"]
    assert "extra" in now["params"]


def test_threads_are_renamed_pinned_copied_deleted_and_restored(
    jupyter: Jupyter, ok: Callable[..., Any], thread: str
) -> None:
    name = f"Own {thread}"
    ok("renameThread", threadId=thread, title=name)
    ok("pinThread", threadId=thread, pinned=True)
    query = """
      query ($search: String) { threads(search: $search, filter: {pinned: true}) {
        edges { cursor node { id title pinned messageCount branchCount running } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      } }
    """
    found = jupyter.ask(query, {"search": name})["threads"]
    assert found["edges"][0]["node"] == {
        "id": thread,
        "title": name,
        "pinned": True,
        "messageCount": 1,
        "branchCount": 1,
        "running": False,
    }
    assert found["pageInfo"]["endCursor"] == found["edges"][-1]["cursor"]
    copy = ok("duplicateThread", threadId=thread)["threadId"]
    assert read(jupyter, copy)["messages"][0]["text"] == "Which is heaviest?"
    ok("deleteThread", threadId=thread)
    assert read(jupyter, thread) is None
    ok("restoreThread", threadId=thread)
    assert read(jupyter, thread)["title"] == name


def test_pages_of_the_list_follow_each_other(jupyter: Jupyter, ok: Callable[..., Any]) -> None:
    for n in range(5):
        ok("createThread", title=f"Paged {n}", messages=[{"content": text("Hi")}])
    query = """
      query ($after: String) { threads(first: 2, after: $after, search: "Paged") {
        edges { node { title } }
        pageInfo { hasNextPage hasPreviousPage endCursor }
      } }
    """
    titles: list[str] = []
    after = None
    while True:
        page = jupyter.ask(query, {"after": after})["threads"]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        titles += [edge["node"]["title"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert titles == [f"Paged {n}" for n in (4, 3, 2, 1, 0)]


def test_a_thread_is_exported_and_imported(
    jupyter: Jupyter, ok: Callable[..., Any], thread: str
) -> None:
    file = ok("exportThread", threadId=thread, format="JSON")["file"]
    assert file["mediaType"] == "application/json"
    (made,) = ok("importThreads", name=file["name"], text=file["text"])["threadIds"]
    assert made != thread
    assert read(jupyter, made)["messages"][0]["text"] == "Which is heaviest?"
    exported = ok("exportThread", threadId=thread, format="CELLS", style="TRANSCRIPT", system=None)
    assert exported["file"] is None
    assert "Which is heaviest?" in json.dumps(exported["cells"])


def test_a_connection_is_added_used_and_removed(
    jupyter: Jupyter, ok: Callable[..., Any], do: Callable[..., Any], thread: str
) -> None:
    added = ok(
        "addConnection",
        name="mine",
        apiKey="sk-abcdefghijklmnop",
        baseUrl="http://127.0.0.1:9/v1",
        api="RESPONSES",
    )
    assert added["connection"]["keyTail"] == "mnop"
    names = [c["name"] for c in jupyter.ask("{ connections { name } }")["connections"]]
    assert "mine" in names
    used = ok("useConnection", threadId=thread, name="mine")
    assert used["connection"]["name"] == "mine"
    ok("useConnection", threadId=thread, name="demo")
    assert {"id": "demo-fast"} in ok("refreshModels", threadId=thread)["models"]
    ok("removeConnection", name="mine")
    assert do("removeConnection", name="mine")["error"]["__typename"] == "NotFound"
    assert {"id": "demo-fast"} in jupyter.ask("{ models { id } }")["models"]


def test_runs_tell_who_writes_and_what_was_asked(
    jupyter: Jupyter, ok: Callable[..., Any], thread: str
) -> None:
    answer = ok("runThread", threadId=thread)["answer"]["id"]
    settled(jupyter, thread)
    query = "query ($t: ID) { runs(threadId: $t) { threadId messageId running here request } }"
    (run,) = jupyter.ask(query, {"t": thread})["runs"]
    assert (run["threadId"], run["messageId"]) == (thread, answer)
    assert (run["running"], run["here"]) == (False, True)
    assert run["request"]["model"] == "demo-fast"
    none = "query ($t: ID) { runs(threadId: $t, running: true) { messageId } }"
    assert jupyter.ask(none, {"t": thread})["runs"] == []


# -- what refuses


@pytest.mark.parametrize(
    "refused",
    [
        ("send", {"content": []}, "InvalidInput"),
        ("send", {"content": [{"text": "  "}]}, "InvalidInput"),
        ("send", {"content": [{"image": {"url": "ftp://a"}}]}, "InvalidInput"),
        ("send", {"content": [{"image": {}}]}, "InvalidInput"),
        (
            "send",
            {"content": [{"table": {"text": "a", "columns": [], "rows": 3, "shape": [1, 1]}}]},
            "InvalidInput",
        ),
        ("updateThread", {}, "InvalidInput"),
        ("updateThread", {"params": [1]}, "InvalidInput"),
        ("updateThread", {"params": {"nonsense": 1}}, "InvalidInput"),
        ("updateThread", {"params": {"temperature": 9}}, "InvalidInput"),
        ("deleteMessages", {"messageIds": []}, "InvalidInput"),
        ("editMessage", {"messageId": "none", "content": [{"text": "x"}]}, "NotFound"),
        ("editMessage", {"messageId": "x" * 300, "content": [{"text": "x"}]}, "InvalidInput"),
        ("selectBranch", {"messageId": ""}, "InvalidInput"),
        ("undo", {"token": "none"}, "InvalidInput"),
        ("useConnection", {"name": "none"}, "NotFound"),
        ("useConnection", {"name": "x", "baseUrl": "nonsense"}, "NotPossible"),
    ],
)
def test_what_is_refused_says_why_and_changes_nothing(
    jupyter: Jupyter, do: Callable[..., Any], thread: str, refused: tuple[str, dict[str, Any], str]
) -> None:
    name, given, kind = refused
    before = read(jupyter, thread)
    error = do(name, threadId=thread, **given)["error"]
    assert error["__typename"] == kind
    assert error["title"]
    assert error["kind"]
    assert read(jupyter, thread) == before


@pytest.mark.parametrize("name", ["runThread", "renameThread", "deleteThread", "exportThread"])
def test_an_unknown_thread_is_not_found(do: Callable[..., Any], name: str) -> None:
    given = {"renameThread": {"title": "x"}, "exportThread": {"format": "MD"}}.get(name, {})
    assert do(name, threadId="none", **given)["error"]["__typename"] == "NotFound"


def test_a_file_that_is_none_is_refused(do: Callable[..., Any]) -> None:
    assert do("importThreads", name="a.json", text="{")["error"]["__typename"] == "InvalidInput"


def test_a_stale_revision_is_a_conflict_that_says_the_present_one(
    jupyter: Jupyter, ok: Callable[..., Any], do: Callable[..., Any], thread: str
) -> None:
    old = read(jupyter, thread)["revision"]
    ok("addMessage", threadId=thread, expectedRevision=old, content=text("First"))
    now = read(jupyter, thread)
    refused = do("addMessage", threadId=thread, expectedRevision=old, content=text("Second"))
    assert refused["error"]["__typename"] == "Conflict"
    assert refused["error"]["revision"] == now["revision"]
    assert refused["messages"] is None
    assert read(jupyter, thread) == now
    ok("addMessage", threadId=thread, expectedRevision=now["revision"], content=text("Second"))


# -- once


def test_the_same_id_again_gets_the_same_payload_and_does_nothing(
    jupyter: Jupyter, do: Callable[..., Any], thread: str
) -> None:
    given = {"threadId": thread, "content": text("Once"), "clientMutationId": f"a{thread}"}
    first, second = do("addMessage", **given), do("addMessage", **given)
    assert first == second
    assert first["clientMutationId"] == f"a{thread}"
    assert [m["text"] for m in read(jupyter, thread)["path"]] == ["Which is heaviest?", "Once"]


async def test_the_same_id_at_the_same_time_is_done_once(jupyter: Jupyter, thread: str) -> None:
    query = """
      mutation ($input: SendInput!) { send(input: $input) { answer { id } revision } }
    """
    given = {"threadId": thread, "content": text("Once"), "clientMutationId": f"b{thread}"}
    sockets = [await jupyter.connect() for _ in range(3)]
    for socket in sockets:
        for identity in ("1", "2"):
            await socket.subscribe(query, {"input": given}, identity)

    async def both(socket: Any) -> list[Any]:
        payloads: list[Any] = []
        while len(payloads) < 2:
            message = await socket.receive()
            if message["type"] == "next":
                payloads.append(message["payload"]["data"])
        return payloads

    results = [payload for socket in sockets for payload in await both(socket)]
    assert len(results) == 6
    assert all(result == results[0] for result in results)
    for socket in sockets:
        await socket.close()
    assert [m["role"] for m in settled(jupyter, thread)["path"]] == ["USER", "USER", "ASSISTANT"]


def test_the_same_id_with_another_input_is_refused(
    jupyter: Jupyter, do: Callable[..., Any], thread: str
) -> None:
    given = {"threadId": thread, "clientMutationId": f"c{thread}"}
    assert do("addMessage", **given, content=text("One"))["error"] is None
    refused = do("addMessage", **given, content=text("Two"))
    assert refused["error"]["__typename"] == "InvalidInput"
    assert refused["clientMutationId"] == f"c{thread}"
    assert len(read(jupyter, thread)["messages"]) == 2
    # An id belongs to one mutation.
    assert do("pinThread", **given, pinned=False)["error"] is None


def test_a_refusal_is_remembered_too(do: Callable[..., Any], thread: str) -> None:
    given = {"threadId": thread, "messageId": "none", "clientMutationId": f"d{thread}"}
    first, second = do("selectBranch", **given), do("selectBranch", **given)
    assert first == second
    assert first["error"]["__typename"] == "NotFound"


async def test_a_mutation_is_done_whole_when_its_client_leaves(
    jupyter: Jupyter, thread: str
) -> None:
    socket = await jupyter.connect()
    query = "mutation ($input: AddMessageInput!) { addMessage(input: $input) { revision } }"
    await socket.subscribe(query, {"input": {"threadId": thread, "content": text("Last")}})
    await socket.send({"type": "complete", "id": "1"})
    await socket.close()
    deadline = time.monotonic() + 30
    while read(jupyter, thread)["path"][-1]["text"] != "Last":
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
