"""From the command to a server that says it is ready, with the embedded PostgreSQL."""

from statistics import median
from time import monotonic

from .machine import say
from .servers import Seatline


def seconds_to_ready(root, folder, starts=5):
    """The median of several starts on a data directory that an earlier one has initialised."""
    server = Seatline(root, folder)
    say("initialising a data directory with the embedded PostgreSQL")
    server.start().stop()
    taken = []
    for _ in range(starts):
        with server.start(pause=0.005) as service:
            taken.append(monotonic() - service.started)
        say(f"  ready after {taken[-1]:.2f} s")
    return median(taken)
