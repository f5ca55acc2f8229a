"""Comparisons that last: what each asks, its cells as they end, and who runs it.

What a plan or a cell consists of is no matter here: they are JSON. A process that runs a comparison
has a lease on it, as on its runs; cells are written only while it is still that process's.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from playground_widget.errors import ConflictError, NotFoundError
from playground_widget.store._dialect import dialect_of
from playground_widget.store._owner import LEASE, is_alive, owner
from playground_widget.store._schema import cells, comparisons
from playground_widget.store._writer import Job

__all__ = ["ComparisonInfo", "Comparisons", "StoredCell", "StoredComparison", "forget", "renew"]

T = TypeVar("T")

RUNNING = "running"
INTERRUPTED = "interrupted"

_LOOK = "pg.comparisons() lists what there is."


class StoredCell(NamedTuple):
    """A cell that has ended.

    Args:
        row: The number of its row.
        variant: The number of its variant.
        sample: Which of the answers to the same request.
        status: How it ended.
        facts: The rest, as JSON.
    """

    row: int
    variant: int
    sample: int
    status: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonInfo:
    """A comparison as the list shows it.

    Args:
        id: Names it.
        name: What people call it.
        thread: The id of the thread it began from.
        created: Seconds since the epoch.
        updated: When it was last changed.
        status: `running`, how it ended, or `interrupted` where its process is no more.
        cells: How many have ended.
        rows: How many inputs it has.
        variants: How many variants.
        total: How many cells there are.
        cost: In US dollars, as known when it last ended, or `None`.

    Example:
        >>> pg = Playground(connection="demo", model="demo-fast", store=":memory:")
        >>> comparison = pg.compare(["Hello"], name="Greetings").result()
        >>> info = pg.comparisons()[0]
        >>> info.name, info.status, info.total
        ('Greetings', 'complete', 1)
    """

    id: str
    name: str
    thread: str | None
    created: float
    updated: float
    status: str
    cells: int
    rows: int = 0
    variants: int = 0
    total: int = 0
    cost: float | None = None


class StoredComparison(NamedTuple):
    """A comparison as it is in the database.

    Args:
        info: What the list shows.
        plan: What it asks.
        facts: What else is known of it, such as its scorers and what was picked.
        cells: Those that have ended.
    """

    info: ComparisonInfo
    plan: dict[str, Any]
    facts: dict[str, Any]
    cells: tuple[StoredCell, ...]


class Comparisons:
    """The comparisons of a store. Writing returns a future that is done after the commit.

    Args:
        write: Runs a job on the writing thread.
        read: Runs one that only reads, and returns what that returns.
        running: Those that this process runs.
        beat: Called when these are others.
    """

    def __init__(
        self,
        write: Callable[[Job[Any]], Future[Any]],
        read: Callable[[Job[Any]], Any],
        running: set[str],
        beat: Callable[[], None],
    ) -> None:
        """Made by `Store.comparisons`."""
        self._write = write
        self._read = read
        self._running = running
        self._beat = beat

    # -- reading

    def all(self, search: str = "") -> tuple[ComparisonInfo, ...]:
        """Return the comparisons, the one changed last first.

        Args:
            search: A piece of the names that are wanted.
        """
        piece = search.strip().casefold()

        def read(connection: Connection) -> tuple[ComparisonInfo, ...]:
            counts = select(cells.c.comparison, func.count()).group_by(cells.c.comparison)
            ended = {row[0]: row[1] for row in connection.execute(counts)}
            query = (
                select(comparisons)
                .where(comparisons.c.deleted.is_(None))
                .order_by(comparisons.c.updated.desc(), comparisons.c.id)
            )
            rows = [row for row in connection.execute(query) if piece in row.name.casefold()]
            return tuple(_info(connection, row, ended.get(row.id, 0)) for row in rows)

        found: tuple[ComparisonInfo, ...] = self._read(read)
        return found

    def find(self, name: str) -> str | None:
        """Return the id of the comparison of that id or name, of several the newest."""

        def read(connection: Connection) -> str | None:
            query = (
                select(comparisons.c.id)
                .where(
                    comparisons.c.deleted.is_(None),
                    (comparisons.c.id == name) | (comparisons.c.name == name),
                )
                .order_by(comparisons.c.id != name, comparisons.c.created.desc())
                .limit(1)
            )
            return connection.execute(query).scalar()

        found: str | None = self._read(read)
        return found

    def info(self, comparison: str) -> ComparisonInfo:
        """Return a comparison as the list shows it.

        Raises:
            NotFoundError: There is none.
        """

        def read(connection: Connection) -> ComparisonInfo:
            row = _row(connection, comparison)
            count = select(func.count()).where(cells.c.comparison == comparison)
            return _info(connection, row, connection.execute(count).scalar_one())

        found: ComparisonInfo = self._read(read)
        return found

    def load(self, comparison: str) -> StoredComparison:
        """Return a comparison with all its cells.

        Raises:
            NotFoundError: There is none.
        """

        def read(connection: Connection) -> StoredComparison:
            row = _row(connection, comparison)
            query = select(cells).where(cells.c.comparison == comparison)
            found = tuple(
                StoredCell(each.row, each.variant, each.sample, each.status, json.loads(each.facts))
                for each in connection.execute(query)
            )
            info = _info(connection, row, len(found))
            return StoredComparison(info, json.loads(row.plan), json.loads(row.facts), found)

        loaded: StoredComparison = self._read(read)
        return loaded

    # -- writing

    def create(
        self,
        comparison: str,
        name: str | None,
        thread: str | None,
        plan: Mapping[str, Any],
        facts: Mapping[str, Any],
    ) -> Future[str]:
        """Store a new comparison, which this process runs; the future gives its name.

        Args:
            comparison: Its id.
            name: What to call it; `None` for a number.
            thread: The id of the thread it begins from.
            plan: What it asks.
            facts: What else is known of it.
        """

        def job(connection: Connection) -> str:
            count = connection.execute(select(func.count()).select_from(comparisons)).scalar_one()
            called = name or f"Comparison {count + 1}"
            now = time.time()
            row = {
                "id": comparison,
                "name": called,
                "thread": thread,
                "created": now,
                "updated": now,
                "plan": json.dumps(plan),
                "facts": json.dumps(facts),
                **_taken(connection),
            }
            connection.execute(insert(comparisons), row)
            return called

        return self._begin(job, comparison)

    def take(self, comparison: str, plan: Mapping[str, Any]) -> Future[None]:
        """Have this process run a comparison that nobody runs.

        The future raises `ConflictError` where another process does.

        Args:
            comparison: Its id.
            plan: What it asks from now on.
        """

        def job(connection: Connection) -> None:
            row = _row(connection, comparison)
            if _status(connection, row) == RUNNING and row.owner != owner():
                raise ConflictError(
                    f"The comparison {row.name!r} is being run by another process. Its cells can "
                    "be read; go on with it once that has ended."
                )
            _set(connection, comparison, plan=json.dumps(plan), **_taken(connection))

        return self._begin(job, comparison)

    def put(self, comparison: str, ended: Sequence[StoredCell]) -> Future[None]:
        """Write cells that have ended, in place of what was known of them.

        The future raises `ConflictError` where another process took the comparison over.
        """

        def job(connection: Connection) -> None:
            _check_ours(_row(connection, comparison))
            _put(connection, comparison, ended)

        return self._write(job)

    def score(self, comparison: str, ended: Sequence[StoredCell], **facts: Any) -> Future[None]:
        """Write cells whose scores are others, of a comparison that nobody runs.

        The future raises `ConflictError` where a process does.
        """

        def job(connection: Connection) -> None:
            row = _row(connection, comparison)
            if _status(connection, row) == RUNNING:
                raise ConflictError(f"The comparison {row.name!r} is running. Wait for its end.")
            _put(connection, comparison, ended)
            _note(connection, row, facts)

        return self._write(job)

    def end(self, comparison: str, status: str, **facts: Any) -> Future[None]:
        """Say that this process runs a comparison no more, and why; facts are added to it."""

        def job(connection: Connection) -> None:
            row = _row(connection, comparison, deleted=True)
            if row.owner == owner():
                _note(connection, row, facts)
                _set(connection, comparison, status=status, owner="", lease=0.0)

        done = self._write(job)
        done.add_done_callback(lambda _: self._ended(comparison))
        return done

    def note(self, comparison: str, **facts: Any) -> Future[None]:
        """Add facts to a comparison; those of the same name give way."""
        return self._write(
            lambda connection: _note(connection, _row(connection, comparison), facts)
        )

    def rename(self, comparison: str, name: str) -> Future[None]:
        """Give a comparison another name."""

        def job(connection: Connection) -> None:
            _row(connection, comparison)
            _set(connection, comparison, name=name)

        return self._write(job)

    def delete(self, comparison: str) -> Future[None]:
        """Take a comparison out of the list; for thirty days it can be brought back."""

        def job(connection: Connection) -> None:
            _row(connection, comparison)
            _set(connection, comparison, deleted=time.time())

        return self._write(job)

    def restore(self, comparison: str) -> Future[None]:
        """Bring a deleted comparison back."""

        def job(connection: Connection) -> None:
            _row(connection, comparison, deleted=True)
            _set(connection, comparison, deleted=None)

        return self._write(job)

    # -- inside

    def _begin(self, job: Job[T], comparison: str) -> Future[T]:
        done: Future[T] = self._write(job)

        def begun(future: Future[T]) -> None:
            if not future.cancelled() and future.exception() is None:
                self._running.add(comparison)
                self._beat()

        done.add_done_callback(begun)
        return done

    def _ended(self, comparison: str) -> None:
        self._running.discard(comparison)
        self._beat()


def renew(connection: Connection) -> None:
    """Say that this process still runs its comparisons."""
    connection.execute(
        update(comparisons)
        .where(comparisons.c.owner == owner(), comparisons.c.status == RUNNING)
        .values(lease=dialect_of(connection).now(connection) + LEASE)
    )


def forget(connection: Connection, before: float) -> None:
    """Forget for good what was deleted before a moment."""
    old = select(comparisons.c.id).where(comparisons.c.deleted < before)
    for comparison in list(connection.execute(old).scalars()):
        connection.execute(delete(cells).where(cells.c.comparison == comparison))
        connection.execute(delete(comparisons).where(_is(comparison)))


def _is(comparison: str) -> ColumnElement[bool]:
    return comparisons.c.id == comparison


def _row(connection: Connection, comparison: str, *, deleted: bool = False) -> Row[Any]:
    row = connection.execute(select(comparisons).where(_is(comparison))).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no comparison {comparison[:60]!r}. {_LOOK}")
    if row.deleted is not None and not deleted:
        raise NotFoundError(f"The comparison {row.name!r} was deleted. {_LOOK}")
    return row


def _taken(connection: Connection) -> dict[str, Any]:
    lease = dialect_of(connection).now(connection) + LEASE
    return {"status": RUNNING, "owner": owner(), "lease": lease}


def _check_ours(row: Row[Any]) -> None:
    if row.owner != owner() or row.status != RUNNING:
        raise ConflictError(
            f"The comparison {row.name!r} is no longer run here: another process went on with it."
        )


def _status(connection: Connection, row: Row[Any]) -> str:
    """Return how a comparison is: one whose process is no more was interrupted."""
    status = str(row.status)
    if status != RUNNING or row.owner == owner():
        return status
    known = is_alive(row.owner)
    if known is None:
        known = bool(row.lease >= dialect_of(connection).now(connection))
    return status if known else INTERRUPTED


def _info(connection: Connection, row: Row[Any], ended: int) -> ComparisonInfo:
    facts = json.loads(row.facts)
    rows, variants, samples = facts.get("size") or _size(json.loads(row.plan))
    return ComparisonInfo(
        id=row.id,
        name=row.name,
        thread=row.thread,
        created=row.created,
        updated=row.updated,
        status=_status(connection, row),
        cells=ended,
        rows=rows,
        variants=variants,
        total=rows * variants * samples,
        cost=facts.get("cost"),
    )


def _size(plan: Mapping[str, Any]) -> tuple[int, int, int]:
    """Return how many rows, variants and samples a plan has, where nobody counted them."""
    lengths = [len(plan.get(name, ())) for name in ("rows", "candidates")]
    return lengths[0], lengths[1], plan.get("samples", 1)


def _set(connection: Connection, comparison: str, **values: Any) -> None:
    connection.execute(
        update(comparisons).where(_is(comparison)).values(updated=time.time(), **values)
    )


def _put(connection: Connection, comparison: str, ended: Iterable[StoredCell]) -> None:
    for cell in ended:
        place = {"row": cell.row, "variant": cell.variant, "sample": cell.sample}
        connection.execute(
            delete(cells).where(
                cells.c.comparison == comparison,
                *(cells.c[name] == number for name, number in place.items()),
            )
        )
        facts = json.dumps(cell.facts)
        row = {"comparison": comparison, **place, "status": cell.status, "facts": facts}
        connection.execute(insert(cells), row)
    _set(connection, comparison)


def _note(connection: Connection, row: Row[Any], facts: Mapping[str, Any]) -> None:
    if facts:
        _set(connection, row.id, facts=json.dumps({**json.loads(row.facts), **facts}))
