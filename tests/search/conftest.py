"""A small archive of our own, indexed once by the real pipeline."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.pipeline import build
from search_app.search.service import SearchService
from search_app.search.state import SearchState

Search = Callable[..., Any]

DOCUMENTS: list[dict[str, str]] = [
    {
        "id": "both",
        "title": "粤桂协作残疾人就业座谈会召开",
        "date": "2020-10-28",
        "source": "样例日报",
        "text": "广东省残联与广西壮族自治区残联在南宁召开粤桂协作座谈会。\n"
        "双方商定由广东对口帮扶广西残疾人就业，深圳市选派专家到百色市指导。",
    },
    {
        "id": "federation",
        "title": "省残疾人联合会举行年会",
        "date": "2019-05-19",
        "source": "样例日报",
        "text": "四川省残疾人联合会昨日举行年会，通报两项补贴的发放情况，为盲人按摩店授牌。",
    },
    {
        "id": "traditional",
        "title": "殘疾人運動會在臺北舉行",
        "date": "2018-07-01",
        "source": "樣例報",
        "text": "殘疾人運動會在臺北舉行，來自各地的選手參加比賽。",
    },
    {
        "id": "workshop",
        "title": "帮扶车间让妇女在家门口上班",
        "date": "2021-03-08",
        "source": "样例网",
        "text": "贵州平塘县的帮扶车间招收妇女和残疾人做工，产品由广州市白云区的企业收购。",
    },
    {
        "id": "number",
        "title": "关于印发计划的通知",
        "date": "2018-02-01",
        "source": "政府公报",
        "text": "国办发〔2018〕12号文件要求落实无障碍环境建设，采购康复器材１２００万元。",
    },
    {
        "id": "passing",
        "title": "周末天气与出行",
        "date": "2022-06-01",
        "source": "样例网",
        "text": "周末多云。地铁站新装电梯，方便残疾人出行。就业服务中心周末照常开放。\n" * 3,
    },
    {
        "id": "reprint",
        "title": "粤桂协作残疾人就业座谈会召开",
        "date": "2020-10-29",
        "source": "转载网",
        "text": "广东省残联与广西壮族自治区残联在南宁召开粤桂协作座谈会。\n"
        "双方商定由广东对口帮扶广西残疾人就业，深圳市选派专家到百色市指导。",
    },
    {
        "id": "experts",
        "title": "专家座谈会商定选派办法",
        "date": "2017-04-01",
        "source": "协作月刊",
        "text": "双方在座谈会上商定，每年选派专家到现场指导。",
    },
    {
        "id": "untitled",
        "text": "乡村振兴局干部到村走访，了解易地扶贫搬迁群众的生活。",
    },
]


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index folder."""
    folder = tmp_path_factory.mktemp("search")
    source = folder / "documents.jsonl"
    lines = [json.dumps(document, ensure_ascii=False) for document in DOCUMENTS]
    source.write_text("\n".join(lines), encoding="utf-8")
    build([source], folder / "index")
    return folder / "index"


@pytest.fixture(scope="session")
def service(archive: Path) -> SearchService:
    return SearchService(archive)


@pytest.fixture(scope="session")
def search(service: SearchService) -> Search:
    """search("粤桂", year=["2020"]) → results."""

    def run(text: str = "", **params: list[str]) -> Any:
        return service.search(SearchState.from_params({"q": [text], **params}))

    return run
