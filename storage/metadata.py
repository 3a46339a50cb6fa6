"""What all tables share: the metadata with its names for constraints, so that revisions can name them too."""

from collections.abc import Collection

from sqlalchemy import MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def any_of(column: str, values: Collection[str]) -> str:
    """A condition for partial indexes, always in the same order so that revisions can be compared."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in sorted(values))})"
