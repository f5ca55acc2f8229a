"""What the conversation is asked with."""

from __future__ import annotations

import contextvars
from collections.abc import Mapping
from typing import Any

from playground_widget.conversation import resolve
from playground_widget.errors import InputError
from playground_widget.model import Params
from playground_widget.playground._base import Base, text_of_argument
from playground_widget.provider import Connection
from playground_widget.schemas import params_of
from playground_widget.tools import Tool
from playground_widget.variables import Variables

__all__ = ["Settings"]


class Settings(Base):
    """The part of `Playground` that sets what the conversation is asked with."""

    @property
    def system(self) -> str:
        """The system prompt. Assign to change it; the views follow.

        Example:
            >>> pg = Playground("Be brief.", connection="demo")
            >>> pg.system = "Be polite."
            >>> pg.to_openai()
            [{'role': 'system', 'content': 'Be polite.'}]
        """
        return self._session.state.thread.system

    @system.setter
    def system(self, value: str) -> None:
        self._change(system=text_of_argument("system", value))

    @property
    def model(self) -> str:
        """The model that the next answer is asked of. Assign to change it.

        Example:
            >>> pg = Playground(connection="demo")
            >>> pg.model = "demo-fast"
            >>> pg.send("Hello").model
            'demo-fast'
        """
        return self._session.state.thread.model

    @model.setter
    def model(self, value: str) -> None:
        self._change(model=text_of_argument("model", value))

    @property
    def title(self) -> str:
        """What the conversation is called. Assign to change it.

        Example:
            >>> pg = Playground(connection="demo")
            >>> pg.title = "Penguins"
            >>> pg.thread.title
            'Penguins'
        """
        return self._session.state.thread.title

    @title.setter
    def title(self, value: str) -> None:
        self._change(title=text_of_argument("title", value))

    @property
    def params(self) -> Params:
        """The parameters of the next answer.

        Assigning a dict changes just what it names, and `None` in it unsets; assigning a
        `Params` replaces them all. As its `response_format` a pydantic model class, a dataclass,
        a TypedDict or a JSON schema is taken too; `message.parsed` is then the typed object.

        Example:
            >>> pg = Playground(connection="demo", temperature=0.3, max_tokens=100)
            >>> pg.params = {"temperature": None, "top_p": 0.9}
            >>> pg.params
            Params(top_p=0.9, max_tokens=100)
        """
        return self._session.state.thread.params

    @params.setter
    def params(self, value: Mapping[str, Any] | Params) -> None:
        if not isinstance(value, Mapping | Params):
            raise InputError(f"params is set from a dict or a Params, not {type(value).__name__}")
        self._change(params=params_of(value))

    @property
    def connection(self) -> Connection:
        """Where answers come from. Assign anything that `Playground(connection=...)` takes.

        Raises:
            SetupError: On assigning: it cannot work as it is; the one before stays.

        Example:
            >>> pg = Playground(connection="demo")
            >>> pg.connection = "http://localhost:11434/v1"
            >>> pg.connection.is_local
            True
        """
        return self._conversation.connections.current

    @connection.setter
    def connection(self, value: object) -> None:
        self._do(self._conversation.connect, resolve(value))

    @property
    def tools(self) -> tuple[Tool, ...]:
        """What the model may call. Assign a list of functions and MCP servers to change it.

        Those that were given before, under the same name, keep whether they are switched on, and
        whether somebody has allowed them without being asked again.

        Raises:
            InputError: On assigning: one of them cannot be a tool; those before stay.

        Example:
            >>> def area(width: float, height: float) -> float:
            ...     '''The area of a rectangle.'''
            ...     return width * height
            >>> pg = Playground(connection="demo")
            >>> pg.tools = [area]
            >>> pg.tools
            (Tool(area(width, height)),)
        """
        return self._conversation.toolbox.tools

    @tools.setter
    def tools(self, value: object) -> None:
        self._conversation.check_open()
        with self._engine.servers.offer(value) as offer:
            self._give(offer.tools)

    def _give(self, tools: tuple[Tool, ...]) -> None:
        """Offer tools, which are called in the context of whoever gives them."""
        context = contextvars.copy_context()
        self._engine.call(self._conversation.toolbox.use, tools, context)

    @property
    def max_tool_rounds(self) -> int:
        """How often the model may be asked again with results in one run. Assign to change it.

        Example:
            >>> pg = Playground(connection="demo", max_tool_rounds=3)
            >>> pg.max_tool_rounds
            3
        """
        return self._conversation.toolbox.most_rounds

    @max_tool_rounds.setter
    def max_tool_rounds(self, value: int) -> None:
        self._engine.call(self._conversation.toolbox.limit, value)

    @property
    def variables(self) -> Variables:
        """What `{{name}}` stands for in messages and in the system prompt: names and values.

        Set and delete them as in a dict; assigning a dict replaces them all. A name that is not
        here is looked up in the notebook when a message is sent. `Variables.register` says how
        objects of a class become text; a str is sent as it is, a DataFrame as a markdown table,
        anything else as its `repr`.

        Example:
            >>> pg = Playground("Answer in {{language}}.", connection="demo", model="demo-fast")
            >>> pg.variables["language"] = "French"
            >>> pg.send("Hello").variables
            {'language': 'French'}
        """
        return self._conversation.variables

    @variables.setter
    def variables(self, value: Mapping[str, Any]) -> None:
        self._conversation.variables.replace(value)
