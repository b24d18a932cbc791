"""A million live bindings: what they take when phones and the API are busy, and when nobody does anything."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from . import phones
from .load import wrk
from .machine import memory_mb, say
from .phones import Phones, Registrar
from .sipp import Sipp, write_accounts

IDLE_SECONDS = 30
LOAD_SECONDS = 60
# After a start or a load, until compilers and the database's own work have come to rest.
REST_SECONDS = 20


@dataclass(frozen=True)
class Idle:
    """Milliseconds of CPU per second."""

    server: float
    database: float


@dataclass(frozen=True)
class Live:
    count: int
    empty: Idle
    idle: Idle
    ready_seconds: float
    memory_mb: float
    rest_memory_mb: float
    registrations: int
    failed: int
    rate: float
    gets: float
    bindings: int


def run(root, folder, cluster, count):
    own = folder / "live"
    own.mkdir()
    server = Registrar(root, own, cluster, "live")
    say(f"live: {count:,} accounts")
    rows = Phones(cluster, server, count, own)
    known = phones.accounts(count)
    random.Random(11).shuffle(known)
    sipp = Sipp(own, server.sip_port, write_accounts(own / "phones.csv", known))
    with server.start():
        empty = _idle(server, rows)
    say(f"  {count:,} bindings")
    _insert_bindings(rows, sipp.port)
    rows.tidy()
    with server.start() as service:
        ready = server.ready_seconds
        ids = rows.column("SELECT id FROM sip_accounts ORDER BY random() LIMIT 100000")
        target = server.targets(ids)["one"]
        say(f"  {LOAD_SECONDS} s of registrations and GETs")
        with ThreadPoolExecutor() as pool:
            gets = pool.submit(wrk, target, clients=2, seconds=LOAD_SECONDS)
            load = sipp.closed(64, LOAD_SECONDS)
            gets = gets.result()
        rows.tidy()
        idle = _idle(server, rows)
        found = Live(count, empty, idle, ready, server.peak_memory_mb(), memory_mb(service.main_pid()), load.good,
                     load.failed, load.rate(), gets.rate, int(rows.sql("SELECT count(*) FROM bindings WHERE expires_at > now()")))
    cluster.drop(server.database)
    return found


def _insert_bindings(rows, port):
    """By SQL: what a million REGISTERs of the very same phones would have left."""
    rows.sql(f"""
        INSERT INTO bindings (account_id, contact, call_id, cseq, source, source_port, transport, user_agent, expires_at)
        SELECT id, 'sip:' || username || '@127.0.0.1:{port};transport=udp', gen_random_uuid()::text, 2, '127.0.0.1', {port},
            'UDP', 'Yealink SIP-T46S 66.86.0.15', now() + interval '2 hours'
        FROM sip_accounts""")


def _idle(server, rows):
    rows.tidy()
    time.sleep(REST_SECONDS)
    say(f"  nobody does anything for {IDLE_SECONDS} s")
    services = (server.service, server.cluster.service)
    before = [service.cpu_seconds() for service in services]
    time.sleep(IDLE_SECONDS)
    return Idle(*((service.cpu_seconds() - start) * 1000 / IDLE_SECONDS for service, start in zip(services, before)))
