"""What the two categories mean, with the way to raise one."""

from dialogs.cards import parts
from dialogs.cards.parts import Rendered
from dialogs.payloads.concerns import RaiseForm
from dialogs.words import concern_answers as say
from dialogs.words.concerns import RAISE_TITLE


def meaning_card() -> Rendered:
    body = [
        parts.heading(say.MEANING_TITLE),
        *(parts.say(line) for line in say.meanings()),
        parts.say(say.MEANING_HOW),
    ]
    return Rendered(parts.card(body, [parts.button(RAISE_TITLE, RaiseForm().press())]), say.MEANING_TITLE)
