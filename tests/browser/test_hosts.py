"""The hosts themselves: a click in a widget reaches Python, and Python's answer reaches the page."""

import pytest

from tests.browser.hosts import run_all_cells

COUNTER = """
import anywidget
import traitlets


class Counter(anywidget.AnyWidget):
    _esm = '''
    function render({ model, el }) {
      const button = document.createElement("button");
      const answer = document.createElement("output");
      const show = () => { answer.textContent = `Python says ${model.get("answer")}`; };
      button.textContent = "count";
      button.addEventListener("click", () => { model.set("clicks", model.get("clicks") + 1); model.save_changes(); });
      model.on("change:answer", show);
      show();
      el.append(button, answer);
    }
    export default { render };
    '''
    clicks = traitlets.Int(0).tag(sync=True)
    answer = traitlets.Int(0).tag(sync=True)

    @traitlets.observe("clicks")
    def _answer(self, change):
        self.answer = change["new"] * 10


Counter()
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_click_in_jupyterlab_reaches_python_and_the_answer_comes_back(page, jupyter_lab, theme):
    jupyter_lab.open_in_lab(page, jupyter_lab.write_notebook("counter.ipynb", COUNTER), theme=theme)
    run_all_cells(page)
    page.get_by_role("button", name="count", exact=True).click()
    page.get_by_text("Python says 10", exact=True).wait_for()


def test_a_click_in_notebook_7_reaches_python_and_the_answer_comes_back(page, jupyter_lab):
    jupyter_lab.open_in_notebook(page, jupyter_lab.write_notebook("counter.ipynb", COUNTER))
    run_all_cells(page)
    page.get_by_role("button", name="count", exact=True).click()
    page.get_by_text("Python says 10", exact=True).wait_for()
