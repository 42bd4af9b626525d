import pytest

from ingest.text import Extractor, load_extractor


@pytest.fixture(scope="session", params=["lexical", "vectors"])
def extractor(request: pytest.FixtureRequest) -> Extractor:
    """Every extractor: what they promise is the same."""
    return load_extractor(vectors=request.param == "vectors")


@pytest.fixture(scope="session")
def vectors() -> Extractor:
    return load_extractor(vectors=True)
