"""Dates in every form that Chinese pages use, and none that does not exist."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.dates import date_of_url, find_moment, parse_date

FORMS = (
    "{y}-{m:02d}-{d:02d}",
    "{y}/{m}/{d}",
    "{y}.{m:02d}.{d:02d}",
    "{y}年{m}月{d}日",
    "{y}年 {m}月 {d}日",
    "发布时间：{y}年{m:02d}月{d:02d}日 来源：某网",
)


@given(
    day=st.dates(dt.date(1950, 1, 1), dt.date(2090, 12, 31)),
    form=st.sampled_from(FORMS),
    clock=st.none() | st.times(),
)
def test_a_date_is_read_in_any_form(day: dt.date, form: str, clock: dt.time | None) -> None:
    text = form.format(y=day.year, m=day.month, d=day.day)
    if clock and text[-1] in "日0123456789":
        text += f" {clock.hour:02d}:{clock.minute:02d}"
        moment = find_moment(text)
        assert moment is not None
        assert moment.time == f"{clock.hour:02d}:{clock.minute:02d}"
    moment = find_moment(text)
    assert moment is not None
    assert moment.date == day.isoformat()


@pytest.mark.parametrize(
    ("value", "date", "time"),
    [
        ("20201028", "2020-10-28", None),
        ("2020-10-28T09:00:00+08:00", "2020-10-28", "09:00:00"),
        ("2020-10-27T20:30:00Z", "2020-10-28", "04:30:00"),
        ("2020-10-27 20:30:00.123Z", "2020-10-28", "04:30:00"),
        (1603846800, "2020-10-28", "09:00:00"),
        (1603846800000, "2020-10-28", "09:00:00"),
        ("1603846800", "2020-10-28", "09:00:00"),
        (2020, "2020", None),
        ("2020", "2020", None),
        ("2020年", "2020", None),
        ("2020-10", "2020-10", None),
        ("2020年10月", "2020-10", None),
    ],
)
def test_values_of_metadata(value: object, date: str, time: str | None) -> None:
    moment = parse_date(value)
    assert moment is not None
    assert (moment.date, moment.time) == (date, time)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "昨天",
        "2021-02-30",
        "2021-13-01",
        "1234-01-01",
        "1.2.3",
        True,
        [],
        "0591-87095403",
        7,
    ],
)
def test_what_is_no_date_is_none(value: object) -> None:
    assert parse_date(value) is None


@pytest.mark.parametrize(
    ("url", "date"),
    [
        ("http://a.gov.cn/xw/202105/t20210514_123.html", "2021-05-14"),
        ("https://a.com/2021/05/14/abc.html", "2021-05-14"),
        ("https://a.com/2021-05/14/content_1.htm", "2021-05-14"),
        ("https://a.com/news/20210514/1.html", "2021-05-14"),
        ("https://news.a.com/15/0704/10/ATL.html", "2015-07-04"),
        ("https://a.com/2021/5/4/1.html", "2021-05-04"),
        ("https://a.com/art/123456.html", None),
        ("https://a.com/20211399/1.html", None),
        (None, None),
    ],
)
def test_dates_in_addresses(url: str | None, date: str | None) -> None:
    assert date_of_url(url) == date


@given(st.text(max_size=200) | st.integers() | st.floats())
def test_nothing_breaks_it(value: object) -> None:
    moment = parse_date(value)
    if moment and len(moment.date) == 10:
        dt.date.fromisoformat(moment.date)
