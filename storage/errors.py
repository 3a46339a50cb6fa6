"""What can be wrong with the database as a whole: each says in a sentence what to do."""


class StorageError(Exception):
    """The sentence is for whoever runs the program; it holds no secret."""


class SchemaMismatch(StorageError):
    """The database is older or newer than the program (fault 41)."""

    def __init__(self, found: str | None, wanted: str, *, newer: bool) -> None:
        self.found = found
        self.wanted = wanted
        advice = "Run a newer program, the one that upgraded it." if newer else "Run `audit-bot db upgrade`."
        super().__init__(
            f"The database is at revision {found or 'none'}, the program needs {wanted}. {advice}"
        )
