"""What is said of an audit that turned out to be about another child, and of actions that are cancelled."""


def title(ref: str, was: str) -> str:
    return f"{ref} was not about {was}"


def lead(ref: str, was: str) -> str:
    return f"Because its auditor has put right which child {ref} is about, it was not about child {was}."


NOTHING = (
    "Nothing of it concerns that child: no grade, no child of concern, no action. What you were told of that child "
    "from this audit no longer holds."
)


def cancelled(ref: str, what: str) -> str:
    return f"{ref} is cancelled: {what}"


def no_action(ref: str) -> str:
    return f"The audit {ref} asks for no action of yours any more."
