"""Lists that can be asked for by any set of conditions: the statement for each set is built once, because building
costs more than asking."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, bindparam, or_

from domain.people import Reach
from storage.repositories.sql import AnyRow, AnySelect

_most, _skip = bindparam("most", type_=Integer()), bindparam("skip", type_=Integer())


def reach_values(reach: Reach | None) -> dict[str, Any]:
    """The values of conditions on a team's name, service and directorate; None where the reach is not asked."""
    return {
        "teams": sorted(reach.teams) if reach else None,
        "services": sorted(reach.services) if reach else None,
        "directorates": sorted(reach.directorates) if reach else None,
    }


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Those that are there: a condition without a value is not asked."""
    return {name: value for name, value in values.items() if value is not None}


class Filtered:
    """`all_of` are conditions that must hold together where they are given, `any_of` those of which one is enough;
    each is named like its value. `plain` and `scoped` are the page and its count, `scoped` with the tables that the
    conditions of `any_of` need."""

    def __init__(
        self,
        plain: tuple[AnySelect, AnySelect],
        scoped: tuple[AnySelect, AnySelect],
        *,
        all_of: Mapping[str, ColumnElement[bool]],
        any_of: Mapping[str, ColumnElement[bool]],
        orders: Mapping[str, tuple[Any, ...]],
    ) -> None:
        self._plain = plain
        self._scoped = scoped
        self._all_of = all_of
        self._any_of = any_of
        self._orders = orders
        self._built: dict[tuple[frozenset[str], str], tuple[AnySelect, AnySelect]] = {}

    def questions(
        self, values: Mapping[str, Any], *, limit: int, offset: int, order: str = ""
    ) -> tuple[AnySelect, AnySelect, dict[str, Any]]:
        """The page, the count, and the values of both."""
        key = (frozenset(values), order)
        statements = self._built.get(key)
        if statements is None:
            statements = self._built[key] = self._build(*key)
        return *statements, {**values, "most": limit, "skip": offset}

    def _build(self, names: frozenset[str], order: str) -> tuple[AnySelect, AnySelect]:
        either = [condition for name, condition in self._any_of.items() if name in names]
        conditions = [condition for name, condition in self._all_of.items() if name in names]
        if either:
            conditions.append(or_(*either))
        page, count = self._scoped if either else self._plain
        page = page.order_by(*self._orders[order]).limit(_most).offset(_skip)
        return page.where(*conditions), count.where(*conditions)

    def find(
        self, connection: Connection, values: Mapping[str, Any], *, limit: int, offset: int, order: str = ""
    ) -> tuple[list[AnyRow], int]:
        """The rows of the page, and how many there are in all."""
        page, count, bound = self.questions(values, limit=limit, offset=offset, order=order)
        found = list(connection.execute(page, bound))
        if offset == 0 and len(found) < limit:
            return found, len(found)
        return found, connection.execute(count, bound).scalar_one()
