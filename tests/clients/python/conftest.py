import pytest
from server import OWNER, Server


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    return Server(tmp_path_factory.mktemp("credentials"))


@pytest.fixture(scope="session")
def owner(server):
    return server.connect(OWNER)


@pytest.fixture
def application(owner):
    """A fresh application's id."""
    added = owner.add_application("python-fixture")
    yield added["application_id"]
    owner.del_application(application_id=[added["application_id"]])
