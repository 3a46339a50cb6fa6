"""The kinds of file that can be imported. A new one is a row model, a writer, and a line here."""

from typing import Any

from storage.imports.writers.audits import AuditsWriter
from storage.imports.writers.children import ChildrenWriter
from storage.imports.writers.exemptions import ExemptionsWriter
from storage.imports.writers.people import PeopleWriter
from storage.imports.writers.programme import ProgrammeWriter
from storage.imports.writers.teams import TeamsWriter
from storage.imports.writing import Writer

WRITERS: dict[str, type[Writer[Any]]] = {
    writer.row.file: writer
    for writer in (TeamsWriter, PeopleWriter, ChildrenWriter, AuditsWriter, ExemptionsWriter, ProgrammeWriter)
}
"""In the order in which a council imports them."""
