"""Brackenshire, a council that does not exist: staff, children (references only) and half a year of audits.

For trying things out: the demonstration and the browser tests import its files like any council's own. Everything is
invented and follows from the day it is asked for. `write(directory, today)` writes the import files; `demo_people()`
names those whose chat windows the demonstration opens; `happenings.play` lets the council's people do, by the program's
own use cases, what files cannot tell: ask for more time, send a return back, dispute a grade.
"""

from bot.sample_council.council import NAME, Council, council, write
from bot.sample_council.windows import USUAL, DemoPerson, NobodyLikeThat, demo_people

__all__ = ["NAME", "USUAL", "Council", "DemoPerson", "NobodyLikeThat", "council", "demo_people", "write"]
