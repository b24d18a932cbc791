"""The peer of bench/registrar: Kamailio from Debian, with the tables that Debian's package brings."""

import hashlib
import shutil
import time
from pathlib import Path

from . import Broken
from .machine import Service, clean_environment, free_sip_port, run, until
from .sipp import REALM, answers

SCHEMA = Path("/usr/share/kamailio/postgres")
TABLES = ("standard-create.sql", "auth_db-create.sql", "usrloc-create.sql")

# What usrloc does with a binding (db_mode), and how it is called here.
MODES = {
    3: "Kamailio, db_mode 3: the table only",
    1: "Kamailio, db_mode 1: written through",
    2: "Kamailio, db_mode 2: written back",
}

# Bindings of db_mode 2 that a crash loses are at most as old as this.
FLUSH_SECONDS = 10

# Bytes of UDP that may wait; with 256 kB, its own limit, the first wave of 256 phones already overflows.
RECEIVE_BUFFER = 4194304


class Kamailio:
    """A server in one db_mode, with a database of its own on the run's cluster."""

    def __init__(self, root, folder, cluster, mode, workers):
        self.name, self.mode, self.cluster = MODES[mode], mode, cluster
        self.config = root / "bench" / "peers" / "kamailio" / "kamailio.cfg"
        self.workers = workers
        self.database = f"kamailio_{mode}"
        self.folder = folder / self.database
        self.folder.mkdir()
        self.port = free_sip_port()
        self.service = None

    def fill(self, accounts):
        """`accounts` as [(username, password)]."""
        self.cluster.drop(self.database)
        self.cluster.create(self.database)
        role = f"SET ROLE {self.cluster.user};\n"
        for name in TABLES:
            self.sql(role + (SCHEMA / name).read_text())
        rows = "".join(f"{user}\t{ha1(user, password)}\n" for user, password in accounts)
        self.sql(f"COPY subscriber (username, ha1) FROM stdin;\n{rows}\\.\n")

    def sql(self, text):
        return self.cluster.sql(self.database, text)

    def start(self):
        url = f"postgres://{self.cluster.user}:{self.cluster.password}@127.0.0.1:{self.cluster.port}/{self.database}"
        defines = {
            "LISTEN": f"udp:127.0.0.1:{self.port}",
            "DB_URL": f'"{url}"',
            "DB_MODE": self.mode,
            "WORKERS": self.workers,
            "FLUSH_SECONDS": FLUSH_SECONDS,
        }
        definitions = [part for key, value in defines.items() for part in ("-A", f"{key}={value}")]
        self.service = Service(
            self.name,
            [shutil.which("kamailio"), "-DD", "-E", "-b", RECEIVE_BUFFER, "-m", "256", "-M", "16", "-Y", self.folder, "-P", self.folder / "pid",
             "-f", self.config, *definitions],
            self.folder / "out.log", cwd=self.folder, env=clean_environment())
        try:
            until(lambda: answers(self.port), "Kamailio's start", seconds=30, service=self.service)
        except BaseException:
            self.service.stop()
            raise
        return self.service

    def settle(self):
        """Waits until everything is in the table: db_mode 2 writes row by row, each its own commit, and takes its time."""
        if self.mode == 2:
            time.sleep(FLUSH_SECONDS + 1)
            until(self._rests, "the end of Kamailio's write-back", seconds=180, service=self.service)

    def _rests(self):
        before = self._commits()
        time.sleep(3)
        # its own look at the statistics counts too
        return self._commits() - before < 10

    def _commits(self):
        return int(self.cluster.sql(
            "postgres", f"SELECT xact_commit FROM pg_stat_database WHERE datname = '{self.database}'"))

    def live_bindings(self):
        """The accounts that the table has a binding of."""
        return int(self.sql("SELECT count(DISTINCT username) FROM location WHERE expires > localtimestamp"))


def ha1(username, password):
    return hashlib.md5(f"{username}:{REALM}:{password}".encode()).hexdigest()


def version():
    first = run([shutil.which("kamailio"), "-v"], timeout=10).splitlines()[0]
    if "kamailio" not in first:
        raise Broken(f"kamailio -v says {first!r}")
    return first.split("(")[0].replace("version:", "").strip()
