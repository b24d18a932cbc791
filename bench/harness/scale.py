"""A million accounts against ten thousand: the same questions, one client, the median latency of each."""

from contextlib import ExitStack
from statistics import median
from urllib.parse import quote

from . import data
from .load import wrk
from .machine import say

SMALL, LARGE = 10_000, 1_000_000
PAGE = 50
# A small set has eleven accounts of one extension number. Pages of ten have as many rows on both sides.
FILTERED_PAGE = 10
VALUES = 200

# Filter -> the column its values are drawn from, out of accounts that are drawn at random.
FILTERS = {
    "id": "id",
    "customer.id": "customer_id",
    "username": "username",
    "caller_id_name": "caller_id_name",
    "allow_external_calls": "allow_external_calls::text",
    "internal_caller_id": "internal_caller_id",
    "external_caller_id": "external_caller_id",
}


class Scale:
    """`milliseconds[question]` is a pair: small, large."""

    def __init__(self, small, large, options):
        self.small, self.large, self.options = small, large, options
        self.milliseconds = {}

    def run(self):
        with ExitStack() as stack:
            for rows in (self.small, self.large):
                stack.enter_context(rows.seatline.start())
            sides = [self._targets(self.small), self._targets(self.large)]
            say("warming up")
            for targets in sides:
                for target in targets.values():
                    wrk(target, clients=4, seconds=2)
            seen = {question: ([], []) for question in sides[0]}
            for number in range(1, self.options.rounds + 1):
                say(f"round {number} of {self.options.rounds}")
                for question, pair in seen.items():
                    for side, targets in zip(pair, sides):
                        side.append(wrk(targets[question], clients=1, seconds=1, seed=number).p50)
        self.milliseconds = {question: (median(a), median(b)) for question, (a, b) in seen.items()}

    def _targets(self, rows):
        return {question: rows.seatline.target("GET", data.write_lines(rows.seatline.folder / f"q{number}", lines))
                for number, (question, lines) in enumerate(self._questions(rows).items())}

    def _questions(self, rows):
        resource = rows.seatline.resource
        last = -(-rows.count // PAGE)
        questions = {
            "first page": [resource],
            "last page": [f"{resource}?{quote(f'page[number]={last}', safe='=')}"],
            "the count of all": [f"{resource}?{quote('page[size]=1', safe='=')}"],
            "the count of half": [
                f"{resource}?{quote('filter[allow_external_calls]=true&page[size]=1', safe='=&')}"],
        }
        for name, column in FILTERS.items():
            values = rows.column(
                f"SELECT {column} FROM (SELECT * FROM sip_accounts WHERE external_caller_id IS NOT NULL"
                f" ORDER BY random() LIMIT {VALUES}) a")
            questions[f"filter[{name}]"] = [
                f"{resource}?{quote(f'filter[{name}]', safe='')}={quote(value, safe='')}"
                f"&{quote('page[size]', safe='')}={FILTERED_PAGE}" for value in values]
        return questions
