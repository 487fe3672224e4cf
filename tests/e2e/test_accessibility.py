import pytest

pytestmark = pytest.mark.e2e


def test_probe(visit):
    window = visit("student@example.org")
    window.go("/dashboard/")
    window.examine("dashboard")
    window = visit("student@example.org", javascript=False)
    window.go("/dashboard/")
    print(window.page.evaluate("1+1"))
    assert 0
