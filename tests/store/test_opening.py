"""Opening a file: of every age, of something else, damaged, and where none can be."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from playground_widget import Message, Playground, StoreError
from playground_widget.store import Store, StoreWarning
from playground_widget.store import open_store as shared_store
from playground_widget.store._sqlite_steps import NEWEST

ROOT = Path(__file__).resolve().parents[2]
OLD = sorted((ROOT / "tests" / "fixtures" / "store").glob("v*.sql"))

OpenStore = Callable[..., Store]


def versions() -> list[int]:
    return [int(file.stem.removeprefix("v")) for file in OLD]


def make_old(path: Path, file: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(file.read_text(encoding="utf-8"))


def add_one(path: Path) -> None:
    """Leave a store with one thread, of which everything is in the file itself."""
    store = Store(path)
    pg = Playground(store=store, connection="demo", messages=f"A sound message. {'Long. ' * 9999}")
    pg.close()
    store.close()


def beside(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_a_new_file_is_for_its_owner_alone_and_another_stays_as_it_is(path: Path) -> None:
    before = os.umask(0o022)
    try:
        add_one(path)
        assert [stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()] == [0o600]
        path.chmod(0o660)
        add_one(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
    finally:
        os.umask(before)


# -- of every age


def test_there_is_a_file_of_every_version() -> None:
    assert versions() == list(range(1, NEWEST + 1))


@pytest.mark.parametrize("file", OLD, ids=lambda file: file.stem)
class TestAnOldFile:
    def test_keeps_every_message(self, path: Path, file: Path, open_store: OpenStore) -> None:
        make_old(path, file)
        revision, thread = open_store().load("t1")
        # The answer that was being written when its process ended is put away.
        assert revision == 5
        assert (thread.title, thread.system, thread.model) == (
            "Penguins",
            "Be brief.",
            "gpt-4.1-mini",
        )
        assert thread.params.extra == {"seed_of_service": 2**70}
        assert [prompt.text for prompt in thread.prompts] == ["Be brief."]
        found = thread.messages
        assert list(found) == ["u1", "a1", "a2", "a3", "p1", "u2", "r1"]
        assert found["u1"].text == "Which penguin is heaviest? Crème brûlée aside."
        assert found["a1"].text == "The **Emperor** 🐧, by far."
        assert found["a1"].reasoning == "They ask about mass."
        assert found["a1"].usage is not None
        assert found["a1"].usage.cost == 0.0001
        assert found["a2"].error is not None
        assert found["a3"].tool_calls[0].arguments == '{"of": "Emperor"}'
        assert found["p1"].content[0].data == "iVBORw0KGgoAAAANSUhEUg=="  # type: ignore[union-attr]
        assert found["r1"].text == "A continued answer begins and goes on for a while."
        assert (found["r1"].status, found["r1"].continued) == ("interrupted", "a1")

    def test_is_searched(self, path: Path, file: Path, open_store: OpenStore) -> None:
        make_old(path, file)
        store = open_store()
        for words in ("heaviest", "creme brul", "emperor far", "goes on for", "mass"):
            assert [info.id for info in store.page(words).threads] == ["t1"]
        assert store.page("albatross").threads == ()
        store.restore("t2").result()
        assert [info.id for info in store.page("albatross").threads] == ["t2"]

    def test_forgets_what_is_deleted_for_good(
        self, path: Path, file: Path, open_store: OpenStore
    ) -> None:
        make_old(path, file)
        store = open_store()
        store.close()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE threads SET deleted = 1")
            connection.commit()
        open_store().close()
        with closing(sqlite3.connect(path)) as connection:
            for table in ("threads", "messages", "contents", "blobs", "runs", "growth", "events"):
                assert connection.execute(f"SELECT * FROM {table}").fetchall() == []  # noqa: S608
            connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")

    def test_is_written_like_a_new_one(
        self, path: Path, file: Path, playground: Callable[..., Playground]
    ) -> None:
        old = path.with_name("old.sqlite")
        make_old(old, file)
        store = Store(old)
        pg = playground(thread="Penguins", store=store)
        assert pg.continue_().status == "complete"
        pg.add("Thanks.")
        assert store.load("t1").thread == pg.thread
        store.close()
        with closing(sqlite3.connect(old)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (NEWEST,)
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_newer_file_is_refused_and_left_as_it_is(path: Path, mode: str) -> None:
    add_one(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {NEWEST + 1}")
        connection.execute(f"PRAGMA journal_mode = {mode}")
    before = path.read_bytes(), beside(path)
    for _ in range(2):
        with pytest.raises(StoreError, match=r"newer.*left as it is.*Update"):
            Playground(store=path, connection="demo")
    assert (path.read_bytes(), beside(path)) == before


def test_a_newer_file_whose_version_is_still_in_its_log_is_refused(path: Path) -> None:
    add_one(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {NEWEST + 1}")
        before = path.read_bytes()
        with pytest.raises(StoreError, match="newer"):
            Store(path)
        assert path.read_bytes() == before


# -- of something else


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
@pytest.mark.parametrize("version", [0, 1, 2, NEWEST])
def test_a_database_of_something_else_is_refused_and_left_as_it_is(
    path: Path, version: int, mode: str
) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.execute(f"PRAGMA user_version = {version}")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="something else"):
        Playground(store=path, connection="demo")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("postgresql+asyncpg://user:secret@host/db", "postgresql"),
        ("postgres://user:secret@host/db", "postgres"),
        ("mysql+x://user:secret@host/db", "mysql"),
    ],
)
def test_another_kind_of_database_is_refused_by_its_name_alone(
    address: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreError, match=kind) as caught:
        Playground(store=address, connection="demo")
    assert "secret" not in str(caught.value)
    assert "host" not in str(caught.value)
    monkeypatch.setenv("PLAYGROUND_WIDGET_DB", address)
    with pytest.raises(StoreError, match=kind):
        Playground(connection="demo")


@pytest.mark.parametrize("address", [":memory:", "sqlite://", "sqlite:///:memory:"])
def test_memory_has_several_names(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shared_store(address).in_memory
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_named_by_an_address_too(path: Path) -> None:
    store = shared_store(f"sqlite:///{path}")
    assert store.place == path
    assert shared_store(path) is store
    store.close()


def test_a_file_whose_store_was_closed_can_be_opened_again(path: Path) -> None:
    for _ in range(2):
        store = shared_store(path)
        pg = Playground(store=path, connection="demo", messages="a")
        assert store.find(pg.thread.id) == pg.thread.id
        pg.close()
        store.close()


# -- damaged


def garbage(path: Path) -> None:
    path.write_bytes(b"This is no database." * 500)


def truncated(path: Path) -> None:
    add_one(path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 + 100])


def zeroed(path: Path) -> None:
    add_one(path)
    data = bytearray(path.read_bytes())
    middle = len(data) // 4096 // 2 * 4096
    data[middle : middle + 4096] = bytes(4096)
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [garbage, truncated, zeroed])
def test_a_damaged_file_is_set_aside_whole_and_named(
    path: Path, damage: Callable[[Path], None]
) -> None:
    damage(path)
    before = path.read_bytes()
    with pytest.warns(StoreWarning, match="was damaged") as caught:
        store = Store(path)
    assert store.set_aside is not None
    assert store.set_aside in str(caught[0].message)
    assert path.with_name(store.set_aside).read_bytes() == before
    pg = Playground(store=store, connection="demo", messages="a")
    assert store.set_aside in pg._conversation.settings()["storage"]["error"]
    store.close()


def test_the_log_beside_a_damaged_file_goes_with_it(path: Path) -> None:
    add_one(path)
    copy = path.with_name("copy.sqlite")
    store = Store(path)
    pg = Playground(store=store, connection="demo", messages="Only in the log")
    shutil.copy(path, copy)
    shutil.copy(f"{path}-wal", f"{copy}-wal")
    pg.close()
    store.close()
    log = Path(f"{copy}-wal").read_bytes()
    assert log
    data = bytearray(copy.read_bytes())
    data[-4096:] = bytes(4096)
    copy.write_bytes(data)
    with pytest.warns(StoreWarning):
        damaged = Store(copy)
    assert damaged.set_aside is not None
    assert copy.with_name(damaged.set_aside).read_bytes() == data
    assert copy.with_name(f"{damaged.set_aside}-wal").read_bytes() == log
    damaged.close()


def test_what_was_set_aside_is_never_overwritten(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.strftime", lambda *_: "20260101-000000")
    for n in range(3):
        path.write_bytes(b"Damaged. " * 999 + bytes([n]))
        with pytest.warns(StoreWarning):
            Store(path).close()
    kept = [file.read_bytes()[-1] for file in path.parent.glob("*.damaged-*")]
    assert sorted(kept) == [0, 1, 2]


def test_an_empty_file_is_no_damage(path: Path) -> None:
    path.touch()
    add_one(path)
    assert beside(path) == [path.name]


# -- where none can be


def test_a_folder_in_place_of_the_file_is_refused(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreError, match=r"PLAYGROUND_WIDGET_DB or store="):
        Playground(store=path, connection="demo")


def test_a_file_in_place_of_the_folder_is_refused(path: Path) -> None:
    path.write_text("no folder")
    with pytest.raises(StoreError, match=r"PLAYGROUND_WIDGET_DB or store="):
        Playground(store=path / "threads.sqlite", connection="demo")


UNRIGHTED = """
import os, pathlib, sys
from playground_widget import Playground, StoreError
import playground_widget.demo, sqlalchemy.dialects.sqlite
if os.getuid() == 0:
    os.setuid(65534)
try:
    Playground(store=sys.argv[1], connection="demo")
except StoreError as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="rights of POSIX")
@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_may_not_be_written_is_refused_with_what_to_do(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    file = folder / "threads.sqlite"
    if what == "file":
        add_one(file)
        file.chmod(0o444)
    folder.chmod(0o555)
    for above in tmp_path.parents[:2]:
        if above != Path(above.root):
            above.chmod(above.stat().st_mode | 0o111)
    tmp_path.chmod(0o755)
    found = subprocess.run(
        [sys.executable, "-c", UNRIGHTED, str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stderr) == (0, "")
    assert re.search(r"can't be kept in .*PLAYGROUND_WIDGET_DB or store=", found.stdout)
    folder.chmod(0o755)


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "9p"])
def test_a_network_file_system_gets_no_wal(
    path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts: list[Any] = [
        SimpleNamespace(mountpoint="/", fstype="ext4"),
        SimpleNamespace(mountpoint=str(path.parent.resolve()), fstype=kind),
    ]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: mounts)
    store = Store(path)
    pg = Playground(store=store, connection="demo", messages="a")
    assert beside(path) == [path.name]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert store.load(pg.thread.id).thread == pg.thread
    store.close()


def test_a_file_on_a_local_disk_gets_wal(store: Store, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


# -- deleted while it is open


def test_a_file_that_is_deleted_while_open_is_made_again(
    playground: Callable[..., Playground], store: Store, path: Path
) -> None:
    pg = playground(messages="a")
    for file in path.parent.glob("threads.sqlite*"):
        file.unlink()
    made: Message = playground(messages="new")[0]
    assert [info.title for info in store.page("new").threads] == [""]
    assert made.text == "new"
    pg.open(pg.duplicate())
    pg.add("c")
    assert [m.text for m in store.load(pg.thread.id).thread.messages.values()] == ["a", "c"]
    assert store.failure is None
