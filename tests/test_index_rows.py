"""The index page's rows: in order, in the page's own spelling, what stands keeps its bytes."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.index_rows import dead_rows, rows_in, with_index_rows
from renderers.layout import load_layout

SHARED = Path(__file__).parents[1].parent / "shared"
LAYOUT = load_layout("embedded-ai-report")
HEAD = "# Report\n\n| 2 | 0 | 3 | 1 |\n|:---:|:---:|:---:|:---:|\n"


def cell(date: str, label: str = "") -> str:
    return f" [{label or date}](./embedded-ai-report/{date}.md) "


def row(*cells: str, end: str = "  ") -> str:
    return f"|{'|'.join(cells)}|{end}\n"


def dates(text: str) -> list[str]:
    return [one.date for one in rows_in(text, LAYOUT.index)]


def test_the_newest_comes_into_the_blank_cell_before_the_others() -> None:
    page = HEAD + row(" - ", " - ", cell("2031-02-02"), cell("2031-01-01"))

    assert with_index_rows(page, LAYOUT, ["2031-03-03"]) == HEAD + row(
        " - ", cell("2031-03-03"), cell("2031-02-02"), cell("2031-01-01")
    )


def test_three_at_once_come_in_order_with_the_label_of_the_newest() -> None:
    page = HEAD + row("  ", "  ", "  ", cell("2031-01-19", "2031-01-19.md"))

    grown = with_index_rows(page, LAYOUT, ["2031-07-18", "2031-05-21", "2031-07-01"])

    assert grown == HEAD + row(
        cell("2031-07-18", "2031-07-18.md"),
        cell("2031-07-01", "2031-07-01.md"),
        cell("2031-05-21", "2031-05-21.md"),
        cell("2031-01-19", "2031-01-19.md"),
    )


def test_a_full_row_gets_another_above_it_and_a_new_year_a_row_of_its_own() -> None:
    full = row(*(cell(f"2031-0{month}-01") for month in (4, 3, 2, 1)))

    same_year = with_index_rows(HEAD + full, LAYOUT, ["2031-05-05"])
    next_year = with_index_rows(HEAD + full, LAYOUT, ["2032-01-01"])

    assert same_year == HEAD + row(" - ", " - ", " - ", cell("2031-05-05")) + full
    assert next_year.startswith("# Report\n\n| 2 | 0 | 3 | 2 |\n")
    assert "| 2 | 0 | 3 | 1 |\n" + full in next_year


def test_a_blank_row_prepared_before_the_year_ended_takes_the_new_years_first_issue() -> None:
    full = row(*(cell(f"2031-0{month}-01") for month in (4, 3, 2, 1)))
    blank = row(" ", " ", " ", " ")

    grown = with_index_rows(HEAD + blank + full, LAYOUT, ["2032-01-01"])
    first_ever = with_index_rows(HEAD + blank, LAYOUT, ["2032-01-01"])

    new = HEAD.replace("| 2 | 0 | 3 | 1 |", "| 2 | 0 | 3 | 2 |") + row(" ", " ", " ", cell("2032-01-01"))
    assert grown == new + "| 2 | 0 | 3 | 1 |\n" + full
    assert first_ever == new


def test_a_missing_older_issue_moves_only_what_is_newer() -> None:
    top = row(" - ", " - ", " - ", cell("2031-06-06"))
    middle = row(*(cell(f"2031-0{month}-01") for month in (5, 4, 3, 2)))
    bottom = row(cell("2031-01-01"), " ", " ")

    grown = with_index_rows(HEAD + top + middle + bottom, LAYOUT, ["2031-03-15"])

    assert dates(grown) == sorted(dates(grown), reverse=True)
    assert grown.endswith(bottom) and grown.startswith(
        HEAD + row(" - ", " - ", cell("2031-06-06"), cell("2031-05-01"))
    )


def test_a_list_grows_as_it_is_spelled() -> None:
    newest = "- [2031-02-02](https://git.test/blob/main/embedded-ai-report/2031-02-02.md)\n"
    page = f"{newest}- [2031-01-01](x/2031-01-01.md)"

    grown = with_index_rows(page, LAYOUT, ["2031-03-03", "2031-01-15", "2030-12-01"])

    assert dates(grown) == ["2031-03-03", "2031-02-02", "2031-01-15", "2031-01-01", "2030-12-01"]
    assert grown.startswith("- [2031-03-03](https://git.test/blob/main/embedded-ai-report/2031-03-03.md)\n")


def test_rows_without_a_file_are_named_and_stay() -> None:
    page = HEAD + row(cell("2031-02-02"), cell("2031-01-01"))

    dead = dead_rows(page, LAYOUT, {"embedded-ai-report/2031-02-02.md"})

    assert [(one.date, one.line) for one in dead] == [("2031-01-01", 5)]


def test_a_page_without_past_issues_stays_as_it_is() -> None:
    assert with_index_rows("# Hello\n", LAYOUT, ["2031-01-01"]) == "# Hello\n"


@given(
    listed=st.sets(st.dates().map(lambda day: day.isoformat()), min_size=1, max_size=12),
    missing=st.sets(st.dates().map(lambda day: day.isoformat()), max_size=5),
)
def test_any_issues_come_in_order_once_and_a_second_time_changes_nothing(
    listed: set[str], missing: set[str]
) -> None:
    page = with_index_rows(HEAD, LAYOUT, sorted(listed))

    grown = with_index_rows(page, LAYOUT, missing)

    assert dates(grown) == sorted(listed | missing, reverse=True)
    assert with_index_rows(grown, LAYOUT, missing | listed) == grown


def test_the_newsletters_own_readme_grows_byte_for_byte_as_its_editor_made_it() -> None:
    archive = SHARED / "archive"
    if not archive.is_dir():
        pytest.skip("the newsletter's past issues are not beside the project")
    before = (archive / "README.md").read_text(encoding="utf-8")
    after = (archive / "README.after-2020-05-03-index-commit-5425edc.md").read_text(encoding="utf-8")
    every = [path.stem for path in archive.glob("20*.md")]

    assert with_index_rows(before, LAYOUT, ["2020-04-26"]) == after
    assert with_index_rows(after, LAYOUT, every) == after
    files = {f"embedded-ai-report/{day}.md" for day in every}
    assert [one.date for one in dead_rows(after, LAYOUT, files)] == ["2019-11-30", "2019-09-16"]


def test_a_row_leads_to_the_issue_by_the_words_that_its_file_has() -> None:
    layout = replace(LAYOUT, folder="_posts", file="{date}-letter.md")
    known = "| | | | [2031-01-01](/_posts/2031-01-01-snow.html) |\n"
    paths = {"2031-01-01": "_posts/2031-01-01-snow.md", "2031-02-03": "_posts/2031-02-03-a-thaw.md"}

    grown = with_index_rows(HEAD + known, layout, ["2031-02-03"], paths)

    assert "[2031-02-03](/_posts/2031-02-03-a-thaw.html)" in grown and known.split("|")[4] in grown
    assert dead_rows(grown, layout, set(paths.values())) == ()
    assert [row.date for row in dead_rows(grown, layout, {paths["2031-02-03"]})] == ["2031-01-01"]
