"""Who there is in the benchmark's council, by the number of their account."""

AUDITORS = 600
DIRECTORS = TEAMS = 20
MODERATORS = QA_MEMBERS = 20


def account(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def auditor(number: int) -> int:
    """The account number of an auditor."""
    return 1000 + number


def director(team: int) -> int:
    return 200 + team


def manager(team: int) -> int:
    return 300 + team


def moderator(number: int) -> int:
    return 400 + number


def qa_member(number: int) -> int:
    return 500 + number
