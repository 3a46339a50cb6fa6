"""The largest draw that is planned for."""

from time import process_time

from domain.allocation import Candidate, Child, Options, draw

CHILDREN, AUDITORS, TEAMS = 25_000, 400, 250


def cpu_of_a_draw() -> str:
    """One sentence."""
    auditors = [Candidate(n, frozenset({n % TEAMS})) for n in range(AUDITORS)]
    children = [
        Child(f"C{n}", n % TEAMS, None, frozenset({("la", "cl", "cin")[n % 3]})) for n in range(CHILDREN)
    ]
    begun = process_time()
    drawn = draw(auditors, children, Options("bench", cohorts=("la", "cl", "cin"), per_team=2))
    seconds = process_time() - begun
    if len(drawn.pairs) != AUDITORS:
        raise SystemExit(f"only {len(drawn.pairs)} of {AUDITORS} were drawn")
    return f"A draw of {CHILDREN:,} children for {AUDITORS} auditors: {seconds:.2f} s of CPU."
