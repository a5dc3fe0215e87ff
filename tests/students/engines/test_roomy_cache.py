"""A cache that grows in place holds what the library's cache holds, also after rows have left."""

import pytest

pytestmark = pytest.mark.xdist_group("torch")


def test_it_holds_what_the_librarys_holds_and_seldom_copies() -> None:
    import torch
    from transformers import DynamicCache

    from tracekd.students.engines.roomy_cache import with_room

    draws = torch.Generator().manual_seed(0)
    with torch.inference_mode():
        plain, given = DynamicCache(), DynamicCache()
        first = torch.randn(4, 3, 50, 8, generator=draws)
        for cache in (plain, given):
            cache.update(first, 2 * first, 0)
        roomy, in_place = with_room(given), 0
        for step in range(100):
            new = torch.randn(len(roomy.layers[0].keys), 3, 1, 8, generator=draws)
            before = roomy.layers[0].keys.data_ptr()
            found, expected = roomy.update(new, 3 * new, 0), plain.update(new, 3 * new, 0)
            assert all(torch.equal(one, other) for one, other in zip(found, expected, strict=True))
            in_place += before == found[0].data_ptr()
            if step in (20, 60):  # a row leaves
                kept = torch.tensor([0, 2, 3] if step == 20 else [1, 2])
                roomy.batch_select_indices(kept)
                plain.batch_select_indices(kept)
    assert in_place == 97, "copied at the start, and after rows have left"
    assert roomy.get_seq_length() == 150
    assert given.get_seq_length() == 50, "the first cache is left as it was"
