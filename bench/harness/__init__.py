"""What bench/api and bench/registrar are made of. Python's standard library only."""


class Broken(Exception):
    """The run can't go on; the message says why. A missed aim is not broken."""
