"""What texts begin with alike is found, and every text is read once and whole."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tracekd.students.shared_prefixes import shared_prefixes

Ids = tuple[int, ...]


def read(texts: Sequence[Ids], begin: int, worth: int) -> tuple[list[Ids], int]:
    """The texts as they are read, stem after stem, and how many tokens that takes."""
    whole: list[Ids] = [()] * len(texts)
    tokens = 0
    for end, places in shared_prefixes(texts, begin, worth):
        (stem,) = {texts[at][begin:end] for at in places}
        tokens += len(stem)
        rests = [()] * len(places) if len(places) == 1 else [texts[at] for at in places]
        if len(places) > 1:
            assert all(len(rest) > end for rest in rests)
            rests, more = read(rests, end, worth)
            tokens += more
        for at, rest in zip(places, rests, strict=True):
            whole[at] = stem + rest
    return whole, tokens


@given(
    st.lists(st.lists(st.integers(0, 1), min_size=1, max_size=12).map(tuple), min_size=1, max_size=9), st.integers(1, 9)
)
def test_every_text_is_read_once_and_whole(texts: list[Ids], worth: int) -> None:
    whole, tokens = read(texts, 0, worth)
    assert whole == texts
    assert tokens <= sum(map(len, texts))


def test_what_is_shared_is_read_once() -> None:
    texts = [(1, 2, 3, 4), (1, 2, 3, 5), (1, 2, 6), (7, 8)]
    assert read(texts, 0, worth=1)[1] == 2 + 1 + 1 + 1 + 1 + 2  # 1 2, then 3, then each last one, and the other
    assert list(shared_prefixes(texts, 0, worth=4)) == [(2, [0, 1, 2]), (2, [3])]
    assert list(shared_prefixes(texts, 0, worth=5)) == [(4, [0]), (4, [1]), (3, [2]), (2, [3])]
