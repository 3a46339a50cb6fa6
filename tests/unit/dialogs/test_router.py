"""The tables of the router are gathered from the nouns: nothing is left out, and nothing is answered twice."""

import pytest

from dialogs import payloads, router
from dialogs.merging import merged


def test_every_button_has_its_handler() -> None:
    assert set(router.PRESSED) == set(payloads.CLASSES)


def test_two_handlers_for_one_thing_are_refused() -> None:
    assert merged([{"hi": 1}, {}, {"help": 2}]) == {"hi": 1, "help": 2}
    with pytest.raises(ValueError, match="'hi' is answered for twice: by 1 and by 2"):
        merged([{"hi": 1, "help": 3}, {"hi": 2}])
