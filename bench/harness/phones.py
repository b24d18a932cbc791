"""Seatline as a registrar, and accounts whose passwords the phones know."""

import hashlib

from .data import FIRST, LAST, PER_CUSTOMER, Rows
from .machine import free_sip_port
from .servers import Seatline
from .sipp import REALM, answers


class Registrar(Seatline):
    """`bin/seatline serve` on the run's cluster, with the API and SIP."""

    def __init__(self, root, folder, cluster, database):
        super().__init__(root, folder, database, cluster)
        self.cluster = cluster
        self.sip_port = free_sip_port()
        self.settings |= {
            "SEATLINE_SIP_HOST": "127.0.0.1",
            "SEATLINE_SIP_PORT": self.sip_port,
            "SEATLINE_SIP_REALM": REALM,
            # sipp looks at the first challenge only, and knows MD5 only.
            "SEATLINE_SIP_DIGEST": "MD5,SHA-256",
        }

    def settle(self):
        """It commits before it answers: nothing is left to be done."""

    def ready(self):
        return super().ready() and answers(self.sip_port)

    def sql(self, text):
        return self.cluster.sql(self.database, text)

    def live_bindings(self, since="-infinity"):
        """The accounts that the table has a live binding of, refreshed at that time or later."""
        return int(self.sql(
            "SELECT count(DISTINCT account_id) FROM bindings"
            f" WHERE expires_at > now() AND refreshed_at >= '{since}'"))

    def now(self):
        return self.sql("SELECT now()")


class Phones(Rows):
    """Accounts that phones register to. Half of them may do so from here only, so that the address list is looked at."""

    def account(self, n):
        name = f"{FIRST[n % 20]} {LAST[n // 20 % 20]}"
        return [n // PER_CUSTOMER + 1, username(n), password(n), name, 100 + n % 900, 37120000000 + n, "true",
                str(n % 2 == 0).lower(), "192.0.2.0/24,127.0.0.0/8" if n % 2 == 0 else ""]

    def _registrations(self):
        """None: the phones make them."""


def username(n):
    return f"phone{n:07d}"


def password(n):
    """Twenty letters and digits, as those which the server makes."""
    return hashlib.sha256(f"phone {n}".encode()).hexdigest()[:20]


def accounts(count):
    return [(username(n), password(n)) for n in range(count)]
