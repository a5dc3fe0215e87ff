"""A cache of keys and values with room for more tokens: the library's own copies everything for each new token."""

from typing import Any

from torch import Tensor
from transformers import Cache
from transformers.cache_utils import DynamicLayer

_ROOM = 64  # tokens


def with_room(cache: Cache) -> Cache:
    """The same cache, whose layers grow in place. It must not be shared by several continuations."""
    return Cache(layers=[_RoomyLayer.of(layer) for layer in cache.layers])


class _RoomyLayer(DynamicLayer):  # type: ignore[misc]  # transformers is not typed
    """`keys` and `values`, (batch, heads, time, dim), are the first columns of larger tensors."""

    keys: Tensor
    values: Tensor
    whole_keys: Tensor
    whole_values: Tensor

    @classmethod
    def of(cls, layer: DynamicLayer) -> "_RoomyLayer":
        made = cls()
        made.lazy_initialization(layer.keys, layer.values)
        made.keys, made.values = made.whole_keys, made.whole_values = layer.keys, layer.values
        return made

    def update(self, key_states: Tensor, value_states: Tensor, *given: Any, **named: Any) -> tuple[Tensor, Tensor]:
        """See the library."""
        self.whole_keys, self.keys = _longer(self.whole_keys, self.keys, key_states)
        self.whole_values, self.values = _longer(self.whole_values, self.values, value_states)
        return self.keys, self.values


def _longer(whole: Tensor, old: Tensor, new: Tensor) -> tuple[Tensor, Tensor]:
    """`old` and then `new`, as the beginning of `whole` if `old` is its beginning and it has room, otherwise of a new tensor.
    Returns this tensor, and its beginning.
    """
    time = old.shape[2] + new.shape[2]
    if whole.data_ptr() != old.data_ptr() or whole.shape[2] < time:
        whole = old.new_empty((*old.shape[:2], time + _ROOM, old.shape[3]))
        whole[:, :, : old.shape[2]] = old
    whole[:, :, old.shape[2] : time] = new
    return whole, whole[:, :, :time]
