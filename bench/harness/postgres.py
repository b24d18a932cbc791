"""A PostgreSQL of the run's own, in its temporary folder and on loopback only."""

import json
import os
import re
import secrets
import shutil
import signal
import time
from collections import Counter

from . import Broken
from .machine import Service, as_user, clean_environment, free_port, postgresql_bin, run, until

# Durable as in production; the memory is what the largest data set needs to be neither all cached nor starved.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "max_connections": "100",
    "logging_collector": "on",
    "log_destination": "jsonlog",
    "log_directory": "log",
    "log_filename": "server.log",
}


class Cluster:
    """The server, and its one ordinary user: what Seatline, the peer and pgbench log in as."""

    user = "seatline"

    def __init__(self, folder):
        self.bin = postgresql_bin()
        self.data = folder / "data"
        self.port = free_port()
        self.password = secrets.token_hex(16)
        folder.mkdir()
        folder.chmod(0o700)
        owner = as_user("postgres")
        if owner:
            shutil.chown(folder, "postgres", "postgres")
        word = folder / "password"
        word.write_text(self.password)
        word.chmod(0o644)
        run([self.bin / "initdb", "-D", self.data, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
             "-A", "scram-sha-256", f"--pwfile={word}"], timeout=120, cwd=folder, **owner)
        options = [part for key, value in SETTINGS.items() for part in ("-c", f"{key}={value}")]
        self.service = Service(
            "postgres", [self.bin / "postgres", "-D", self.data, "-p", self.port, *options], folder / "out",
            cwd=folder, user="postgres", stop=signal.SIGINT)
        try:
            until(self._answers, "PostgreSQL's start", seconds=60, service=self.service)
            self.sql("postgres", f"CREATE ROLE {self.user} LOGIN PASSWORD '{self.password}'")
        except BaseException:
            self.service.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.service.stop(60)

    def environment(self, user="postgres"):
        return clean_environment(
            PGHOST="127.0.0.1", PGPORT=self.port, PGUSER=user, PGPASSWORD=self.password, PGCONNECT_TIMEOUT=10)

    def jdbc(self, database):
        return f"jdbc:postgresql://127.0.0.1:{self.port}/{database}"

    def version(self):
        return self.sql("postgres", "SHOW server_version").split()[0]

    def sql(self, database, text, timeout=900):
        """Runs SQL as the superuser; returns the rows, a line each, columns apart by '|'."""
        return run([self.bin / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"],
                   input=text, timeout=timeout, env=self.environment()).rstrip("\n")

    def rows(self, database, text):
        return [line.split("|") for line in self.sql(database, text).splitlines()]

    def create(self, database):
        self.sql("postgres", f"CREATE DATABASE {database} OWNER {self.user}")

    def drop(self, database):
        self.sql("postgres", f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def statements(self, request, times=10):
        """
        The statements that one `request` makes a server send, as [(text, [parameter, ...])]: read from PostgreSQL's log, so
        that the floor runs what is really run. What comes less often than the request is something else's.
        """
        self._log_statements("all")
        log = self.data / "log" / "server.json"
        try:
            start = os.path.getsize(log)
            for _ in range(times):
                request()
            time.sleep(0.5)
        finally:
            self._log_statements("none")
        with open(log, encoding="utf-8", errors="replace") as lines:
            lines.seek(start)
            found = [parsed for parsed in map(_executed, lines) if parsed]
        often = Counter(text for text, _ in found)
        repeated = [statement for statement in found if often[statement[0]] >= times]
        if not repeated or len(repeated) % times:
            raise Broken(f"{times} requests made {len(repeated)} statements in PostgreSQL's log")
        return repeated[-len(repeated) // times:]

    def _log_statements(self, which):
        # By two calls: ALTER SYSTEM refuses to be part of a transaction.
        self.sql("postgres", f"ALTER SYSTEM SET log_statement = '{which}'")
        self.sql("postgres", "SELECT pg_reload_conf()")
        time.sleep(0.5)

    def _answers(self):
        try:
            return self.sql("postgres", "SELECT 1", timeout=10) == "1"
        except Broken:
            return False


def _executed(line):
    """A line of the log as (statement, parameters), or None."""
    entry = json.loads(line)
    message = re.fullmatch(r"execute [^:]*: (.*)|statement: (.*)", entry.get("message", ""), re.DOTALL)
    text = (message[1] or message[2] or "").strip() if message else ""
    if not text or entry.get("user") != Cluster.user:
        return None
    values = re.findall(r"\$\d+ = (?:'((?:[^']|'')*)'|(NULL))", entry.get("detail", ""))
    return text, [None if null else value.replace("''", "'") for value, null in values]
