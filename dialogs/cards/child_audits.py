"""The audits of one child that somebody may see, to choose from."""

from collections.abc import Sequence

from microsoft_teams.cards import core as ac

from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.neutral import one_line
from dialogs.payloads import Help
from dialogs.payloads.cycle import AuditShow
from dialogs.words import child_audits as say
from domain.audits import Audit


def several(child: str, audits: Sequence[Audit], total: int) -> Rendered:
    """Neither states nor grades: what of an audit is for the reader, its own card says."""
    title = say.title(one_line(child, 40))
    body: list[ac.CardElement | None] = [parts.heading(title), parts.say(say.several(total))]
    for audit in audits:
        ref = one_line(audit.ref, 40)
        body.append(parts.say(f"{ref}: {say.line(audit)}.", separate=True))
        body.append(parts.row([parts.button(f"Open {ref}", AuditShow(ref=audit.ref).press())]))
    if total > len(audits):
        body.append(parts.say(say.more(total - len(audits)), subtle=True))
    return Rendered(parts.card(body, [parts.button("Help", Help().press())]), title)
