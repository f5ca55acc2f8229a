"""What stands beside a thread: connections, models, what runs, what it has cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from playground_widget.server._enums import ConnectionStatus, StorageKind
from playground_widget.server._scalars import id_or_none, whole, whole_or_none
from playground_widget.server._variables import Variable, variable_of

__all__ = [
    "ConnectionChoice",
    "ConnectionState",
    "Model",
    "ServerOffer",
    "Settings",
    "Storage",
    "ThreadUsage",
    "Tool",
    "connection_of",
    "model_of",
    "settings_of",
    "tools_of",
]


@strawberry.type
class ConnectionState:
    """A connection to a service. Of its key at most the last four characters are ever shown.

    Attributes:
        name: By which it is chosen.
        label: What to call it.
        demo: Whether it is the demo model, which needs no network.
        status: What is known of it.
        key_tail: The last four characters of its key.
        key_source: Where its key comes from, such as the name of an environment variable.
    """

    name: str
    label: str
    demo: bool
    status: ConnectionStatus
    key_tail: str | None
    key_source: str | None


@strawberry.type
class ConnectionChoice:
    """A connection that can be chosen.

    Attributes:
        name: By which it is chosen.
        label: What to call it.
        demo: Whether it is the demo model.
    """

    name: str
    label: str
    demo: bool


@strawberry.type
class ServerOffer:
    """A local server that was found and can be chosen.

    Attributes:
        name: By which it is chosen.
        label: What to call it.
        url: Its address.
        models: How many models it has.
    """

    name: str
    label: str
    url: str
    models: int


@strawberry.type
class Model:
    """A model that can be asked.

    Attributes:
        id: As requests name it.
        context: How many tokens it can read.
        input_price: US dollars per million tokens read.
        output_price: US dollars per million tokens written.
        note: What the service says of it, in a few words.
    """

    id: str
    context: int | None
    input_price: float | None
    output_price: float | None
    note: str | None


@strawberry.type
class ThreadUsage:
    """What a thread has used.

    Attributes:
        context: Tokens of the active path, as last counted.
        window: How many tokens the model can read.
        cost: In US dollars, of all branches; null where no price is known.
        input_tokens: Tokens read, of all branches.
        output_tokens: Tokens written, of all branches.
    """

    context: int | None
    window: int | None
    cost: float | None
    input_tokens: int
    output_tokens: int


@strawberry.type
class Storage:
    """Where threads last.

    Attributes:
        kind: The kind of place.
        error: Why the last write failed, until one succeeds again.
    """

    kind: StorageKind
    error: str | None


@strawberry.type
class Tool:
    """A function that the model may call.

    Attributes:
        name: By which it is called.
        signature: Its name and parameters, for people.
        description: What it is for.
        parameters: The JSON schema of its arguments.
        confirm: Whether somebody is asked before each call.
        enabled: Whether it is offered to the model.
    """

    name: str
    signature: str
    description: str
    parameters: JSON
    confirm: bool
    enabled: bool


@strawberry.type
class Settings:
    """What is shown beside a thread.

    Attributes:
        connection: The one that the next answer comes through.
        connections: Those that can be chosen.
        offers: Local servers that were found.
        models: The models of the connection, as far as they are known.
        running: The answer that is being written.
        queued: How many answers wait for their turn.
        usage: What the thread has used.
        refused: Parameters that the model has refused at this connection, by name.
        ignored: Parameters that are set and that the API in use has no field for.
        variables: What the messages of the active path have filled in, and what clients have
            asked about.
        undo: What the next undo takes back, in a word or two; null if there is nothing.
        storage: Where threads last.
        tools: What the model may call.
        comparison: The comparison that was begun here last.
    """

    connection: ConnectionState
    connections: list[ConnectionChoice]
    offers: list[ServerOffer]
    models: list[Model]
    running: ID | None
    queued: int
    usage: ThreadUsage
    refused: list[str]
    ignored: list[str]
    variables: list[Variable]
    undo: str | None
    storage: Storage
    tools: list[Tool]
    comparison: ID | None


def connection_of(data: Mapping[str, Any]) -> ConnectionState:
    """Return a connection as the schema has it."""
    return ConnectionState(
        name=data["name"],
        label=data["label"],
        demo=data["demo"],
        status=ConnectionStatus(data["status"]),
        key_tail=data.get("key_tail"),
        key_source=data.get("key_source"),
    )


def model_of(data: Mapping[str, Any]) -> Model:
    """Return a model as the schema has it."""
    return Model(
        id=data["id"],
        context=whole_or_none(data.get("context")),
        input_price=data.get("input_price"),
        output_price=data.get("output_price"),
        note=data.get("note"),
    )


def tools_of(data: Mapping[str, Any]) -> list[Tool]:
    """Return the tools of settings as the schema has them."""
    return [Tool(**{**each, "parameters": JSON(each["parameters"])}) for each in data["tools"]]


def settings_of(data: Mapping[str, Any]) -> Settings:
    """Return what stands beside a thread as the schema has it."""
    usage, storage = data["usage"], data["storage"]
    return Settings(
        connection=connection_of(data["connection"]),
        connections=[
            ConnectionChoice(name=each["name"], label=each["label"], demo=each["demo"])
            for each in data["connections"]
        ],
        offers=[
            ServerOffer(
                name=each["name"], label=each["label"], url=each["url"], models=each["models"]
            )
            for each in data["offers"]
        ],
        models=[model_of(each) for each in data["models"]],
        running=id_or_none(data["running"]),
        queued=data["queued"],
        usage=ThreadUsage(
            context=whole_or_none(usage["context"]),
            window=whole_or_none(usage["window"]),
            cost=usage["cost"],
            input_tokens=whole(usage["input_tokens"]),
            output_tokens=whole(usage["output_tokens"]),
        ),
        refused=list(data["refused"]),
        ignored=list(data["ignored"]),
        variables=[variable_of(each) for each in data["variables"]],
        undo=data["undo"],
        storage=Storage(kind=StorageKind(storage["kind"]), error=storage["error"]),
        tools=tools_of(data),
        comparison=id_or_none(data["comparison"]),
    )
