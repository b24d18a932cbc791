"""What PostgreSQL alone does with the statements that Seatline sends it."""

import re

from . import Broken
from .data import FIRST_NUMBER, ID_PREFIX

# pgbench draws numbers, not uuids; the accounts' ids (data.account_id) end in their number. Looking a random id up in a table
# instead, or fetching ids by \gset, costs the floor a sixth of its speed and more.
ID = f"('{ID_PREFIX}' || :n)::uuid"
# Seatline asks for a group of ids at a time; the floor is the single-row SELECT, which PostgreSQL answers faster than a group of one.
IDS = f"('{{{ID_PREFIX}' || :n || '}}')"


def single_row_script(statements, id_, count):
    """Seatline's statements for GET one, by the id of a random account."""
    lines = [_inlined(text, values, {id_: ID, "{" + id_ + "}": IDS}) for text, values in statements]
    lines = [line.replace(f"ANY({IDS}::uuid[])", ID) for line in lines]
    if not any(ID in line for line in lines):
        raise Broken("no statement of GET one has the account's id as a parameter")
    return "\n".join([f"\\set n random({FIRST_NUMBER}, {FIRST_NUMBER + count - 1})", *lines, ""])


def list_script(statements):
    """Seatline's statements for the list, page and count."""
    return "\n".join([_inlined(text, values, {}) for text, values in statements] + [""])


def _inlined(text, values, replaced):
    """A statement with its parameters written out, so that pgbench prepares it once and PostgreSQL plans it once."""

    def written(match):
        value = values[int(match[1]) - 1]
        if value in replaced:
            return replaced[value]
        if value is None:
            return "NULL"
        if value in ("t", "f"):
            return "true" if value == "t" else "false"
        return "'" + value.replace("'", "''") + "'"

    return re.sub(r"\$(\d+)", written, text).rstrip().rstrip(";") + ";"
