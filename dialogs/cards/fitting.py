"""A card whose texts are as long as there is room for."""

import json
from collections.abc import Callable, Sequence

from dialogs.cards.parts import CardJson

BUDGET = 27 * 1024
"""Of the card as it is sent with every character escaped; the rest of the 28 KB is for the envelope."""
CUTS = (240, 160, 80, 40, 20)


def fitted(make: Callable[[int], CardJson], cuts: Sequence[int] = CUTS) -> CardJson:
    """`make` is given how many characters of each text it may show: the first of `cuts` that fits."""
    made: CardJson = {}
    for longest in cuts:
        made = make(longest)
        if len(json.dumps(made)) <= BUDGET:
            break
    return made
