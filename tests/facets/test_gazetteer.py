"""What the gazetteer knows, and what it finds in a text."""

from __future__ import annotations

import pytest

from indexer.facets import PROVINCES, Gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.shipped()


def test_all_34_provinces_are_the_top_in_the_order_of_the_standard(gazetteer: Gazetteer) -> None:
    labels = [gazetteer.label(code) for code in gazetteer.children("")]
    assert labels == list(PROVINCES.values())
    assert len(labels) == 34


def test_a_county_rolls_up_to_its_prefecture_and_province(gazetteer: Gazetteer) -> None:
    assert gazetteer.path("522727") == ("贵州", "黔南布依族苗族自治州", "平塘县")
    assert gazetteer.codes("522727") == ("520000", "522700", "522727")
    assert "522727" in gazetteer.children("522700")


def test_every_division_lies_in_a_province(gazetteer: Gazetteer) -> None:
    for division in gazetteer:
        assert gazetteer.codes(division.code)[0].endswith("0000")
        assert gazetteer.province(division.code) == gazetteer.path(division.code)[0]


def test_provinces_have_english_labels_and_counties_keep_their_name(gazetteer: Gazetteer) -> None:
    assert gazetteer.label("150000", "en") == "Inner Mongolia"
    assert gazetteer.label("522727", "en") == "平塘县"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("都安县", "451228"),  # an autonomous county by its everyday name
        ("黔南州", "522700"),
        ("湘西", "433100"),
        ("巴音郭楞", "652800"),
        ("襄樊", "420600"),  # renamed in 2010
        ("宣武区", "110102"),  # merged into another district
        ("新疆生产建设兵团", "650000"),
        ("台北", "710100"),
        ("涪陵市", "500102"),  # was in Sichuan until 1997
    ],
)
def test_everyday_and_former_names_lead_to_the_division_of_today(
    gazetteer: Gazetteer, name: str, code: str
) -> None:
    assert gazetteer.names[name].codes == (code,)


def test_the_longest_name_wins(gazetteer: Gazetteer) -> None:
    text = "青海省海南藏族自治州同德县"
    found = [text[start:end] for start, end, _ in gazetteer.find(text)]
    assert found == ["青海省", "海南藏族自治州", "同德县"]
