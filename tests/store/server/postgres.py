"""A PostgreSQL server of the tests' own: in a folder of its own, on no network, killed and started."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from pathway.store.server import prepare_database

# Whoever reaches the folder may be the administrator; everyone else needs a password.
HBA = "local all admin trust\nlocal all all scram-sha-256\n"
SETTINGS = (
    "listen_addresses=", "shared_buffers=16MB", "autovacuum=off", "wal_level=minimal", "max_wal_senders=0",
    "max_connections=40",
    # After a kill it syncs all its files, one by one unless told otherwise (only Linux can).
    *(["recovery_init_sync_method=syncfs"] if sys.platform == "linux" else []),
)  # fmt: skip
PASSWORD = "p@ss/w0rd"
DATABASE = "cases"


def programs() -> Path | None:
    """The folder of PostgreSQL's programs: that of the newest version, or on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[4]))
    named = [str(found[-1])] if found else [shutil.which("initdb")]
    return Path(named[0]).parent if named[0] is not None else None


class Postgres:
    """A running server. `user` is who runs it: it refuses to be run by root."""

    def __init__(self, programs: Path, folder: Path, user: str | None) -> None:
        self.programs = programs
        self.folder = folder
        self.user = user
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, role: str = "admin", database: str = DATABASE) -> str:
        """The address for a role; its password is in it, where it needs one."""
        password = "" if role == "admin" else f":{PASSWORD.replace('@', '%40').replace('/', '%2F')}"
        return f"postgresql://{role}{password}@/{database}?host={self.folder}"

    def make(self) -> None:
        """Make the server's files. They are synced as it runs, so not here."""
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", "admin", "-E", "UTF8", "--locale=C", "-A", "trust", "--no-sync")
        (self.folder / "data" / "pg_hba.conf").write_text(HBA, "utf-8")

    def start(self, *settings: str) -> None:
        """Start it, and wait until it lets people in."""
        options = [part for setting in (*SETTINGS, *settings) for part in ("-c", setting)]
        with (self.folder / "server.txt").open("ab") as said:
            self._process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder, *options],
                stdout=said, stderr=said, user=self.user, group=self.user, extra_groups=self._groups,
                cwd=self.folder,
            )  # fmt: skip
        deadline = time.monotonic() + 30
        while not self._lets_in():
            assert self._process.poll() is None, (self.folder / "server.txt").read_text()
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill it with all its processes, as if the machine stopped."""
        assert self._process is not None
        for process in (self._process.pid, *_children(self._process.pid)):
            os.kill(process, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it at once."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()

    def empty(self) -> None:
        """Everyone leaves the database, and its tables are made anew."""
        self.cut_connections()
        self.administer(DATABASE, "DROP SCHEMA IF EXISTS pathway_cases CASCADE")
        prepare_database(self.url(), "writer", "reader")

    def cut_connections(self) -> None:
        """Cut all connections to the database."""
        cut = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{DATABASE}'"
        self.administer("postgres", cut)

    def administer(self, database: str, *statements: str) -> None:
        """What only the administrator may do."""
        with psycopg.connect(self.url(database=database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def _lets_in(self) -> bool:
        try:
            psycopg.connect(self.url(database="postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments], check=True, capture_output=True, timeout=60,
            user=self.user, group=self.user, extra_groups=self._groups, cwd=self.folder,
        )  # fmt: skip

    @property
    def _groups(self) -> list[int] | None:
        return None if self.user is None else []


@contextmanager
def running(programs: Path) -> Iterator[Postgres]:
    """A fresh server, gone without a trace afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pathway-pg-"))  # short: the socket's path may have 107 signs
    user = _unprivileged() if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    server = Postgres(programs, folder, user)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _unprivileged() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _children(parent: int) -> list[int]:
    """The processes that a process of ours started."""
    found = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(process) for process in found.read_text("ascii").split()] if found.exists() else []
