"""Low-rank adapters on a base (arXiv 2106.09685), also on a base of 4 bits (arXiv 2305.14314)."""

import torch
from transformers import PreTrainedModel, set_seed

from tracekd.errors import UserError
from tracekd.students.student import Lora


def attach(model: PreTrainedModel, lora: Lora, seed: int, *, checkpointed: bool = False) -> PreTrainedModel:
    """The model with new adapters; only these are trained. Raises UserError if the model has no module with a target's
    name. Adapters are in float32, even if the base is in 4 bits or bfloat16.
    """
    from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training

    if getattr(model, "is_loaded_in_4bit", False):
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=checkpointed)  # type: ignore[no-untyped-call]
    config = LoraConfig(
        r=lora.r, lora_alpha=lora.alpha, lora_dropout=lora.dropout, bias="none", task_type="CAUSAL_LM",
        target_modules=list(lora.targets) or "all-linear",
    )  # fmt: skip
    set_seed(seed)
    try:
        adapted = get_peft_model(model, config)
    except ValueError as error:
        linear = sorted({n.rpartition(".")[2] for n, m in model.named_modules() if isinstance(m, torch.nn.Linear)})
        raise UserError(
            f"adapters cannot be added to this base: {(str(error).splitlines() or [''])[0][:160]}", where="lora.targets",
            expected=f"names of its linear modules: {', '.join(linear)[:200]}",
        ) from error  # fmt: skip
    found: PreTrainedModel = adapted
    return found
