"""Our GELU is torch's, in values and gradients."""

import pytest

pytestmark = pytest.mark.xdist_group("torch")


def test_values_and_gradients_are_those_of_torch() -> None:
    import torch

    from tracekd.students.gelu import Gelu

    x = torch.cat([torch.linspace(-12, 12, 4801), torch.tensor([-1e4, -80.0, 80.0, 1e4])]).double().requires_grad_()
    above = torch.linspace(-1, 2, len(x)).double()
    torch.testing.assert_close(Gelu()(x), torch.nn.functional.gelu(x, approximate="tanh"), atol=1e-6, rtol=1e-6)
    (ours,) = torch.autograd.grad(Gelu()(x), x, above)
    (theirs,) = torch.autograd.grad(torch.nn.functional.gelu(x, approximate="tanh"), x, above)
    torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=1e-6)
