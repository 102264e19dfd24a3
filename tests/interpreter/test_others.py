"""Other interpreters answer wherever the user's files are."""

import json

from phasm_lab.interpreter.others import SEEDS, OtherInterpreters


def test_a_file_of_the_users_may_be_called_like_a_module_that_they_need(tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("dumps = None\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    others = OtherInterpreters("phasm_lab.checks.answering")
    list(others.ask(b"nothing that can be read"))
    others.close()
    assert len(SEEDS) == len([answer for answer in others.answers if "problem" in json.loads(answer)])
