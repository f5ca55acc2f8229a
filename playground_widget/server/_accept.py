"""Which media type an answer has, by what a client accepts."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["EVENTS", "JSON", "RESPONSE", "Accept", "media_type"]

RESPONSE = "application/graphql-response+json"
JSON = "application/json"
EVENTS = "text/event-stream"


def media_type(header: str) -> tuple[str, dict[str, str]]:
    """Return a media type and its parameters, in lower case."""
    kind, *parameters = (piece.strip().lower() for piece in header.split(";"))
    pairs = (parameter.partition("=") for parameter in parameters)
    return kind, {name.strip(): value.strip().strip('"') for name, _, value in pairs}


class Accept:
    """An `Accept` header; where there is none, everything is accepted.

    Example:
        >>> accept = Accept("application/graphql-response+json, application/json;q=0.9")
        >>> accept.single
        'application/graphql-response+json'
        >>> accept.events
        False
    """

    def __init__(self, header: str | None) -> None:
        """Read the header."""
        self._ranges = list(_ranges(header)) if header and header.strip() else [("*/*", 1.0)]

    def quality(self, kind: str) -> tuple[float, int]:
        """Return how much a media type is wanted, and how exactly it is named; 0 is not at all."""
        group = kind.split("/", maxsplit=1)[0]
        for exactness, wanted in ((2, kind), (1, f"{group}/*"), (0, "*/*")):
            found = [quality for name, quality in self._ranges if name == wanted]
            if found:
                return max(found), exactness
        return 0.0, 0

    @property
    def single(self) -> str | None:
        """The media type of a single result.

        The old `application/json` is what a client gets that does not say what it can read.
        """
        best = max((RESPONSE, JSON), key=self._rank)
        return best if self.quality(best)[0] > 0 else None

    @property
    def events(self) -> bool:
        """Whether a stream of events is named."""
        quality, exactness = self.quality(EVENTS)
        return quality > 0 and exactness > 0

    @property
    def prefers_events(self) -> bool:
        """Whether even a single result should come as a stream of events."""
        return self.events and (
            self.single is None or self.quality(EVENTS)[0] > self.quality(self.single)[0]
        )

    def _rank(self, kind: str) -> tuple[float, int, bool]:
        quality, exactness = self.quality(kind)
        return quality, exactness, (kind == RESPONSE) is (exactness == 2)  # noqa: PLR2004 - named


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    for piece in header.split(","):
        kind, parameters = media_type(piece)
        try:
            quality = float(parameters.get("q", "1"))
        except ValueError:
            quality = 0.0
        if kind:
            yield kind, quality
