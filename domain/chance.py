"""Drawing lots so that anybody can draw them again: by a recorded seed, on any machine and Python version."""

from hashlib import sha256

LOTS = 1 << 64


def lot(seed: str, what: str, ref: object) -> int:
    """A number below `LOTS` for one thing, that says nothing of any other: who wants to steer it must know the seed."""
    return int.from_bytes(sha256(f"{seed}|{what}|{ref}".encode()).digest()[:8], "big")
