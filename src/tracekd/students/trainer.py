"""The connection to TRL: its trainer, with our batches, our loss and our learning rates."""

import inspect
from contextlib import nullcontext
from functools import partial
from typing import Any

import torch
from peft import PeftModel
from torch import Tensor
from trl import SFTTrainer

from tracekd.sft.tokens import IGNORED
from tracekd.students.clock import Clock
from tracekd.students.collate import COUNT, PARTS, Inputs
from tracekd.students.student import Student


class TraceTrainer(SFTTrainer):  # type: ignore[misc]  # trl is not typed
    """Trains on rows with a weighted loss. If all weights are 1, the loss is that of TRL (the mean over the tokens of
    all completions of a step). The head is computed only on completions, not on prompts. The rows of a step go through the
    model in parts, whose gradients are added up.
    """

    def __init__(self, student: Student, clock: Clock, **given: Any) -> None:
        self.student, self.clock = student, clock
        super().__init__(callbacks=[clock], **given)
        self.model_accepts_loss_kwargs = (
            True  # our loss is the loss of the whole step, whichever arguments the model accepts
        )
        # TRL converts the adapters of a 4-bit base to bfloat16, in which small steps are lost.
        for learns in (p for p in self.model.parameters() if p.requires_grad):
            learns.data = learns.data.float()
        inner = self.model.get_base_model() if isinstance(self.model, PeftModel) else self.model
        self._keeps = "logits_to_keep" in inspect.signature(type(inner).forward).parameters
        self.at_once = 0  # the number of rows of the part that was computed last
        if student.report_to:
            clock.log = self.log

    optimizer: Any
    lr_scheduler: Any

    def create_optimizer(self, model: Any = None) -> Any:
        """AdamW; embeddings may have another rate, because a small base has rarely seen the words of a trace."""
        if self.optimizer is None:
            trained = [p for p in (model or self.model).parameters() if p.requires_grad]
            known = {id(p) for p in self.model.get_input_embeddings().parameters()}
            student = self.student
            groups = [
                {"params": [p for p in trained if id(p) not in known], "lr": student.learning_rate},
                {
                    "params": [p for p in trained if id(p) in known],
                    "lr": student.embedding_learning_rate or student.learning_rate,
                },
            ]
            self.optimizer = _adam(student)(
                [group for group in groups if group["params"]], betas=(0.9, 0.98), weight_decay=0.0
            )
        return self.optimizer

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:
        """The schedule of the clock: over the steps, or over the seconds."""
        if self.lr_scheduler is None:
            self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer or self.optimizer, self.clock.rate)
        return self.lr_scheduler

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """The weighted sum of the tokens' losses, divided by the number of tokens in the whole step."""
        labels, weights = inputs["labels"], inputs.get("weights")
        given = {name: value for name, value in inputs.items() if name not in ("labels", "weights")}
        kept = given["logits_to_keep"]
        if not self._keeps:
            del given["logits_to_keep"]
        outputs = model(**given, use_cache=False)
        logits = outputs.logits if self._keeps else outputs.logits[:, kept]
        losses = torch.nn.functional.cross_entropy(
            logits.flatten(0, 1).float(), labels.flatten(), ignore_index=IGNORED, reduction="none"
        )
        total = losses.sum() if weights is None else (losses * weights.flatten()).sum()
        counted = (labels != IGNORED).sum() if num_items_in_batch is None else num_items_in_batch
        loss = total / torch.as_tensor(counted, device=total.device).clamp(min=1)
        if self.args.average_tokens_across_devices and num_items_in_batch is not None:
            loss = loss * self.accelerator.num_processes  # gradients are averaged over the processes
        return (loss, outputs) if return_outputs else loss

    def create_model_card(self, *given: Any, **named: Any) -> None:
        """TRL would write a card beside the saved states, which are deleted at the end."""

    def _get_num_items_in_batch(self, batch_samples: list[Any], device: torch.device) -> Any:
        """Our labels are already shifted to the next token, so all of them count."""
        counted = sum((part["labels"] != IGNORED).sum() for batch in batch_samples for part in batch[PARTS])
        total = torch.as_tensor(counted, device=device)
        if self.args.world_size > 1:
            total = self.accelerator.gather(total.reshape(1)).sum()
        return total

    def training_step(self, model: Any, inputs: dict[str, list[Inputs]], num_items_in_batch: Any = None) -> Tensor:
        """The gradient of a whole step, part after part. Returns its loss, and tells it to the clock."""
        parts, losses = inputs[PARTS], []
        for number, part in enumerate(parts, start=1):
            # Several processes exchange their gradients once in a step.
            with nullcontext() if number == len(parts) else self.accelerator.no_sync(model):
                losses.append(self.part_step(model, part, num_items_in_batch).detach())
        total = torch.stack(losses).sum()
        self.clock.loss = float(self.accelerator.reduce(total, reduction="mean"))  # of all processes
        return total

    def part_step(self, model: Any, part: Inputs, num_items_in_batch: Any) -> Tensor:
        """Add the gradient of a part of a step. Returns its share of the loss."""
        self.at_once = part.pop(COUNT)
        loss: Tensor = super().training_step(model, part, num_items_in_batch)
        return loss


def _adam(student: Student) -> Any:
    """AdamW. As in the paper's scripts, its state has 8 bits if the base has 4 bits and there is a GPU."""
    if student.method == "qlora" and torch.cuda.is_available():
        from bitsandbytes.optim.adamw import PagedAdamW8bit

        return PagedAdamW8bit
    return partial(torch.optim.AdamW, fused=True)
