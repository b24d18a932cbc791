"""All phones at once, after a server that was killed has come back."""

from dataclasses import dataclass

from . import phones
from .machine import say
from .phones import Phones, Registrar
from .sipp import Sipp, write_accounts

LIMIT_SECONDS = 600


@dataclass(frozen=True)
class Storm:
    """What became of it. `kept` counts the bindings that were there after the kill, `refreshed` those after the storm."""

    count: int
    kept: int
    good: int
    refreshed: int
    seconds: float
    ready_seconds: float
    retransmissions: int
    unavailable: int


def run(root, folder, cluster, count):
    own = folder / "storm"
    own.mkdir()
    server = Registrar(root, own, cluster, "storm")
    say(f"storm: {count:,} accounts")
    Phones(cluster, server, count, own)
    sipp = Sipp(own, server.sip_port, write_accounts(own / "phones.csv", phones.accounts(count)))
    with server.start() as service:
        say("  every phone registers")
        sipp.each(count, 64, LIMIT_SECONDS)
        service.kill()
    kept = server.live_bindings()
    with server.start(pause=0.005):
        ready = server.ready_seconds
        since = server.now()
        say("  killed, started again: every phone registers at the same time")
        done = sipp.storm(count, LIMIT_SECONDS)
        refreshed = server.live_bindings(since)
    cluster.drop(server.database)
    return Storm(count, kept, done.good, refreshed, done.duration, ready, done.retransmissions, done.unavailable)
