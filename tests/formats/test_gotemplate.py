from __future__ import annotations

import pytest

from aisearch_deploy.formats import gotemplate
from aisearch_deploy.formats.base import EncodeError


@pytest.mark.parametrize("word", ["ai-search", "https://search.example.com/health", "a_b", 8000])
def test_a_word_stands_as_it_is(word: str | int) -> None:
    assert gotemplate.encode(word) == str(word)
    assert gotemplate.parse(f'{{{{ include "{word}.labels" . }}}}')[0].holds(str(word))


@pytest.mark.parametrize("text", ["", "two words", '"', "{{", "}}", "a\nb", "-x", "`", "é", None])
def test_nothing_else_is_printed(text: str | None) -> None:
    with pytest.raises(EncodeError):
        gotemplate.encode(text)
