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


class WrongAddress(StorageError, ValueError):
    """The database's address is not one; it is not repeated, because it may hold a password."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"AUDIT_BOT_DATABASE_URL is not usable: {why}. It must look like sqlite:///var/audit-bot.db or "
            "postgresql+asyncpg://user:password@host/name."
        )
