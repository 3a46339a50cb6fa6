"""What people are told about their own part: auditor, moderator, and who moderates in a month."""

from dialogs.cards import parts
from dialogs.payloads import Help, MyAudit
from dialogs.telling.base import Message, Sending, Told, Worded, message
from dialogs.words import pool as say
from domain.calendar import Month
from domain.notices import NoticeKind
from domain.people import Role
from domain.usecases import pool as usecases


async def _role_given(sending: Sending) -> Message | None:
    """The subject is a role, or a role and a month: whether they moderate in it."""
    role, _, month = sending.subject.partition(" ")
    if month:
        of = Month.parse(month)
        holds = await usecases.moderates_in(sending.store, sending.policy, sending.reader.id, of)
        return message(card(say.told_moderates(holds, of)))
    return message(card(say.told_role(Role(role), sending.reader.person)))


def card(text: str) -> Told:
    """One sentence on how it stands, and ways on."""
    made = parts.card(
        [parts.heading(say.TOLD_TITLE), parts.say(text)],
        [parts.button("My audit", MyAudit().press()), parts.button("Help", Help().press())],
    )
    return Told(made, text, notify=True)


WORDED: dict[NoticeKind, Worded] = {NoticeKind.ROLE_GIVEN: _role_given}
