"""What is said to who was told of a child of concern that is about another child, or another team's."""


def title(ref: str, was: str, *, other_child: bool) -> str:
    return f"{ref} was not about child {was}" if other_child else f"{ref}, child {was}: another team's"


def lead(ref: str, was: str, *, other_child: bool) -> str:
    if not other_child:
        return (
            f"{ref}, child {was}, was corrected: it is another team's now, and their head of service has it. "
            "You need not act on it."
        )
    return f"{ref} was not about child {was}: nothing of it concerns that child. You need not act on it."
