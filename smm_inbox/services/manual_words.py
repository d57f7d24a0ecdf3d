"""Sentences about entries made by hand: where they came from, what is wrong with a table."""

from __future__ import annotations

from smm_inbox.domain.manual import Source
from smm_inbox.domain.manual_table import BrokenRow, Problem, TableRefused
from smm_inbox.locale import tr


def source_word(source: Source) -> str:
    """Where an entry came from, in the language of the interface."""
    return {
        Source.BOOK: tr("guest book"),
        Source.CALL: tr("call"),
        Source.VISIT: tr("visit"),
        Source.GIS: tr("2GIS"),
        Source.YANDEX: tr("Yandex"),
        Source.GOOGLE: tr("Google"),
        Source.OTZOVIK: tr("Otzovik"),
        Source.SITE: tr("site"),
        Source.OTHER: tr("not said"),
    }[source]


def refusal(error: TableRefused) -> str:
    """Why a file is no table."""
    return {
        Problem.NO_TABLE: tr("This is no CSV file: save the table as CSV first."),
        Problem.ENCODING: tr("The letters of the file cannot be read: save it as CSV in UTF-8."),
        Problem.SAME_COLUMNS: tr("Two columns mean the same: {column}."),
        Problem.QUOTES: tr(
            "Row {number}: the quotation marks are wrong, so where the row ends cannot be told. "
            "Nothing was imported."
        ),
    }.get(
        error.problem,
        tr(
            "The first row has to name the columns, for example: "
            "source; name; phone; rating; text; date; due; link."
        ),
    ).format(column=error.column, number=error.row)


def reason(row: BrokenRow) -> str:
    """Why a row is broken, without a full stop."""
    said = {
        Problem.CELLS: tr("there are more cells than columns"),
        Problem.LINK: tr("no link"),
        Problem.SOURCE: tr("unknown source"),
        Problem.PHONE: tr("no phone"),
        Problem.EMAIL: tr("no e-mail address"),
        Problem.RATING: tr("no rating from 1 to 5"),
        Problem.DUE: tr("no due time"),
        Problem.DATE: tr("no date"),
        Problem.FUTURE: tr("the date has not come yet"),
    }.get(row.problem, tr("nothing is said in it"))
    return tr("{problem}: “{cell}”").format(problem=said, cell=row.cell) if row.cell else said
