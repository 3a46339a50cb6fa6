"""The sample council's files come in through the same door as any council's."""

from pathlib import Path

from bot.sample_council import write
from domain.calendar import local_date
from storage.unit_of_work import SqlStore
from tests.storage.import_files import NOW, Council


async def test_the_sample_council_is_imported_whole_and_twice(store: SqlStore, tmp_path: Path) -> None:
    council = Council(store, tmp_path)
    files = write(tmp_path, local_date(NOW))
    order = ("teams", "people", "children", "audits", "exemptions")

    first = [await council.brings(kind, files[kind]) for kind in order]
    again = [await council.brings(kind, files[kind]) for kind in order]

    assert [brought.problems for brought in first + again] == [[]] * 10
    assert all(brought.counts[0] > 0 and brought.counts[1:] == (0, 0) for brought in first)
    assert [brought.counts for brought in again] == [(0, 0, brought.counts[0]) for brought in first]
    positions = await council.holds("team_positions", "email", "person_id")
    assert [email for email, person in positions if person is None] == []
    assert await council.trail_is_whole()
