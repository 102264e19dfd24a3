"""A line is named as a person would look for it: by file and number, or by the number of a notebook cell."""

import sys
import types

from phasm_lab.interpreter.places import Place, place_of


def test_a_line_of_a_file_is_named_by_the_file_alone():
    assert "payments.py:36, in restore" == str(Place("folder/payments.py", 36, "restore"))


def test_a_line_of_a_notebook_is_named_by_its_cell(monkeypatch):
    notebook = types.ModuleType("IPython")
    notebook.get_ipython = lambda: types.SimpleNamespace(
        compile=types.SimpleNamespace(_filename_map={"ipykernel_1/2.py": 3})
    )
    monkeypatch.setitem(sys.modules, "IPython", notebook)
    assert "cell [3], line 4, in stf" == str(Place("ipykernel_1/2.py", 4, "stf"))
    assert "payments.py:4, in stf" == str(Place("payments.py", 4, "stf"))


def test_a_real_shell_tells_the_number_of_its_cell():
    from IPython.core.compilerop import CachingCompiler

    compiler = CachingCompiler()
    name = compiler.cache("x = 1", 5)
    assert 5 == compiler._filename_map[name]


def test_a_comprehension_is_named_by_the_function_around_it():
    def stf():
        return [place_of(sys._getframe()) for _ in "a"][0]  # noqa: RUF015 - the frame of the comprehension is asked for

    assert "stf" == stf().function
