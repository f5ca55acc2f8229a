"""What the system prompt asks for, as far as a small program can do it, and says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground_widget.demo._request import Request

__all__ = ["Instructions"]

# Each sentence says: "You asked me, in the system prompt, to answer in this language. I am a
# small program, and these are the only sentences I know in it."
_LANGUAGES = {
    "German": (
        r"german|deutsch",
        """
        Du hast mich im System-Prompt gebeten, auf Deutsch zu antworten. Ich bin ein kleines
        Programm und kann auf Deutsch nur diese Sätze.
        """,
    ),
    "French": (
        r"french|fran[çc]ais",
        """
        Tu m'as demandé, dans le prompt système, de répondre en français. Je suis un petit
        programme et je ne connais en français que ces phrases.
        """,
    ),
    "Spanish": (
        r"spanish|espa[ñn]ol",
        """
        Me has pedido, en el prompt de sistema, que responda en español. Soy un programa pequeño
        y en español solo conozco estas frases.
        """,
    ),
    "Italian": (
        r"italian|italiano",
        """
        Mi hai chiesto, nel prompt di sistema, di rispondere in italiano. Sono un piccolo
        programma e in italiano conosco solo queste frasi.
        """,
    ),
    "Portuguese": (
        r"portuguese|portugu[êe]s",
        """
        Você me pediu, no prompt de sistema, para responder em português. Sou um pequeno
        programa e em português só conheço estas frases.
        """,
    ),
    "Danish": (
        r"danish|dansk",
        """
        Du har i systemprompten bedt mig om at svare på dansk. Jeg er et lille program og kan
        kun disse sætninger på dansk.
        """,
    ),
}
_IN = r"\b(?:in|into|to|speak|use|auf|en|på)\s+(?:{})\b"
_ENGLISH = re.compile(_IN.format("english"), re.IGNORECASE)
_ONE = re.compile(r"\b(?:one|a single|1)[ -]sentence\b", re.IGNORECASE)
_SHORT = re.compile(
    r"\b(?:short|briefly|brief|concise|concisely|terse|tersely|in a few words)\b", re.IGNORECASE
)
_PIRATE = re.compile(r"\bpirates?\b", re.IGNORECASE)
# A full stop inside of code ends nothing.
_SENTENCE = re.compile(r"(?:`[^`]*`|[^`])*?[.!?](?=\s|$)")
_QUOTE = 120


@dataclass(frozen=True, slots=True)
class Instructions:
    """The wishes found in the system prompt, and in the last user message how long to be."""

    prompt: str
    language: str | None
    english: bool
    pirate: bool
    brief: bool
    one_sentence: bool
    asked_in_message: bool

    @classmethod
    def of(cls, request: Request) -> Instructions:
        """Read the system prompt and the last user message."""
        prompt = "\n".join(
            turn.text for turn in request.turns if turn.role in {"system", "developer"}
        ).strip()
        message = next((turn.text for turn in reversed(request.turns) if turn.role == "user"), "")
        wish = bool(_ONE.search(message[:2000]) or re.search(r"\bbriefly\b", message[:2000]))
        return cls(
            prompt=prompt,
            language=next(
                (
                    name
                    for name, (words, _) in _LANGUAGES.items()
                    if re.search(_IN.format(words), prompt, re.IGNORECASE)
                ),
                None,
            ),
            english=bool(_ENGLISH.search(prompt)),
            pirate=bool(_PIRATE.search(prompt)),
            brief=bool(_SHORT.search(prompt)),
            one_sentence=bool(_ONE.search(prompt)),
            asked_in_message=wish,
        )

    def applied_to(self, text: str, gist: str) -> str:
        """Return `text` as the instructions want it, after a word about them.

        `gist` is the part of it whose first sentence is the short answer.
        """
        if self.brief or self.one_sentence or self.asked_in_message:
            text = _first_sentence(gist)
        lead = self._lead()
        if not lead:
            return text
        if self.one_sentence and not (self.pirate or self.language):
            return f"You asked me, in the system prompt, for one sentence: {text}"
        # What begins with a mark, such as a quotation, has to begin a paragraph.
        gap = " " if self.brief and text[:1].isalnum() else "\n\n"
        return f"{lead}{gap}{text}"

    def _lead(self) -> str:
        if not self.prompt:
            return ""
        if self.language:
            said = " ".join(_LANGUAGES[self.language][1].split())
            return f"{said} The rest is English."
        wishes = []
        if self.pirate:
            wishes.append("talk like a pirate")
        if self.brief or self.one_sentence:
            wishes.append("be brief")
        if self.english:
            wishes.append("answer in English")
        if wishes:
            arr = "Arr. " if self.pirate else ""
            return f"{arr}You asked me, in the system prompt, to {' and to '.join(wishes)}."
        first = _first_sentence(self.prompt).replace("\n", " ")
        if len(first) > _QUOTE:
            first = first[:_QUOTE].rstrip() + "…"
        return (
            f"You asked me, in the system prompt, to follow this: “{_plain(first)}” I can repeat "
            "it, but a small program can't live up to it; a language model would try."
        )


def _first_sentence(text: str) -> str:
    paragraph = text.strip().partition("\n\n")[0]
    match = _SENTENCE.match(paragraph)
    return match[0].strip() if match else paragraph


def _plain(text: str) -> str:
    """Return the text with signs that mean something in Markdown escaped."""
    return re.sub(r"([\\`*_\[\]<>$|#~])", r"\\\1", text)
