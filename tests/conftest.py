"""What every test runs under: the order of the tests, and how Hypothesis looks for examples."""

import os

import hypothesis
import pytest

BROWSER_TEST_TIMEOUT_S = 300

# A slow machine is no failure, and what is slow is measured in benchmarks/; in CI a run can be repeated exactly.
hypothesis.settings.register_profile("lab", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("lab")


def pytest_itemcollected(item):
    if "browser" in item.path.parent.parts:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.timeout(BROWSER_TEST_TIMEOUT_S))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    # Playwright keeps an event loop running in the main thread, which other tests must not see: its tests come last.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
