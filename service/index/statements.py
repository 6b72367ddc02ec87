"""A selection written out as SQL, within bounds."""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

from service.index.where import EVERY_ROW, Selection, Value


def bounds(selection: Selection, rows: range, row: str, changed: str) -> tuple[list[str], list[Value]]:
    """Every condition of a selection within `rows`, with `row` and `changed` as the columns to bound."""
    conditions, values = list(selection.conditions), list(selection.values)
    if rows.start != EVERY_ROW.start:
        conditions.append(f"{row} >= ?")
        values.append(rows.start)
    if rows.stop != EVERY_ROW.stop:
        conditions.append(f"{row} < ?")
        values.append(rows.stop)
    if selection.changed_from is not None:
        conditions.append(f"{changed} >= ?")
        values.append(selection.changed_from)
    return conditions, values


def statement(selection: Selection, columns: str, conditions: list[str]) -> str:
    """The SELECT of `columns`, without an order."""
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {columns} FROM {selection.tables}{where}"
