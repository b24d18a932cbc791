"""The rows: one operator, a customer for every fifty accounts, and what a telephony operator's accounts look like."""

import csv
import random
import time
from pathlib import Path

from . import Broken
from .machine import say

OPERATOR, USERNAME, PASSWORD = "bench", "bench", "bench-password"
PER_CUSTOMER = 50
# An import is all or nothing: larger sets come in several.
PER_FILE = 100_000

# Ids that a number tells, in ascending order as those which the server makes.
ID_PREFIX = "01980000-0000-7000-8000-"
FIRST_NUMBER = 100_000_000_000

HEADER = ["id", "customer_id", "username", "password", "caller_id_name", "internal_caller_id", "external_caller_id",
          "allow_external_calls", "use_allowed_ips", "allowed_ips"]
FIRST = ["Anna", "Boris", "Clara", "Dmitri", "Elena", "Filip", "Greta", "Henrik", "Irina", "Janis",
         "Katya", "Lukas", "Marta", "Nikolai", "Olga", "Peteris", "Rasa", "Sergei", "Tomas", "Valda"]
LAST = ["Berzins", "Ivanov", "Kalnins", "Kazlauskas", "Liepins", "Novak", "Ozols", "Petrov", "Schmidt", "Smith",
        "Stankevicius", "Weber", "Reception", "Warehouse", "Sales", "Support", "Accounts", "Workshop", "Kitchen", "Lobby"]
ADDRESSES = ["192.0.2.0/24", "198.51.100.7/32", "203.0.113.0/25,198.51.100.0/28", "2001:db8:7::/48"]


class Rows:
    """A database filled with `count` accounts, and how long that took."""

    def __init__(self, cluster, seatline, count, folder):
        self.cluster, self.seatline, self.count = cluster, seatline, count
        self.database = seatline.database
        self.import_seconds = 0.0
        cluster.drop(self.database)
        cluster.create(self.database)
        seatline.cli("migrate")
        seatline.cli("operator", "create", OPERATOR, "--username", USERNAME, "--password-stdin", input=PASSWORD + "\n")
        self.operator_id = int(self.sql(f"SELECT id FROM operators WHERE name = '{OPERATOR}'"))
        self._customers()
        self._accounts(folder)
        self._registrations()
        self.tidy()

    def tidy(self):
        """Leaves nothing to be done in the background: no dead rows, no dirty pages, fresh statistics."""
        self.sql("VACUUM (ANALYZE)")
        self.sql("CHECKPOINT")

    def sql(self, text):
        return self.cluster.sql(self.database, text)

    def column(self, text):
        return self.sql(text).splitlines()

    def account(self, n):
        """What the CSV says of the n-th account, in the order of HEADER and without the id."""
        return account(n)

    def _customers(self):
        self.sql(f"""
            INSERT INTO customers (operator_id, id, name, language)
            SELECT {self.operator_id}, n::text, 'Customer ' || n, (ARRAY['EN', 'RU', 'LT', 'LV'])[n % 4 + 1]
            FROM generate_series(1, {-(-self.count // PER_CUSTOMER)}) n""")

    def _accounts(self, folder):
        # Accounts are not made customer by customer, so neighbours by id are not neighbours by customer.
        order = list(range(self.count))
        random.Random(7).shuffle(order)
        for start in range(0, self.count, PER_FILE):
            file = folder / "accounts.csv"
            with open(file, "w", newline="", encoding="utf-8") as output:
                table = csv.writer(output, lineterminator="\n")
                table.writerow(HEADER)
                table.writerows(
                    [account_id(start + row), *self.account(n)] for row, n in enumerate(order[start:start + PER_FILE]))
            begun = time.monotonic()
            self.seatline.cli("account", "import", "--operator", OPERATOR, file, timeout=900)
            self.import_seconds += time.monotonic() - begun
            file.unlink()
            if self.count > PER_FILE:
                say(f"  {min(start + PER_FILE, self.count):,} of {self.count:,} accounts")
        there = int(self.sql("SELECT count(*) FROM sip_accounts"))
        if there != self.count:
            raise Broken(f"{there} accounts of {self.count} were imported")

    def _registrations(self):
        """Two accounts of three are online, and stay so for the whole run."""
        self.sql("""
            INSERT INTO bindings (account_id, contact, user_agent, expires_at)
            SELECT id, 'sip:' || username || '@127.0.0.1:5062', 'Yealink SIP-T46S 66.86.0.15', now() + interval '1 day'
            FROM sip_accounts WHERE internal_caller_id % 3 <> 0""")


def account_id(position):
    return f"{ID_PREFIX}{FIRST_NUMBER + position}"


def account(n):
    """What the CSV says of the n-th account. Username and password are left to be generated."""
    calls_out = n % 2 == 0
    name = f"{FIRST[n % 20]} {LAST[n // 20 % 20]}"
    return [n // PER_CUSTOMER + 1, "", "", name, 100 + n % 900, 37120000000 + n if calls_out else "",
            str(calls_out).lower(), str(n % 4 < 2).lower(), ADDRESSES[n % len(ADDRESSES)]]


def write_lines(file: Path, lines):
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file
