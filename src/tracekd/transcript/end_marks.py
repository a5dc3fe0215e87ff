"""Special tokens that end a turn or pad a batch, in texts from which they were not removed."""

import re

# ChatML, Llama 3, Gemma, Mistral, Phi, Command, DeepSeek, harmony, GLM, Kimi, Falcon, IBM Granite, SmolVLM, T5 and BERT.
_MARKS = (
    "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<|endoftext|>", "<end_of_turn>", "<eos>", "</s>",
    "<|end|>", "<|return|>", "<|call|>", "<|eot|>", "<|eos|>", "<|END_OF_TURN_TOKEN|>", "<|END_RESPONSE|>",
    "<\N{FULLWIDTH VERTICAL LINE}end\N{LOWER ONE EIGHTH BLOCK}of\N{LOWER ONE EIGHTH BLOCK}sentence\N{FULLWIDTH VERTICAL LINE}>",
    "<|end_of_sentence|>", "<|end_of_role|>", "<|endofturn|>", "<|end_of_turn|>", "<|end_of_solution|>", "<|endofprompt|>",
    "<|im_start|>", "<|start_header_id|>", "<start_of_turn>", "<|user|>", "<|observation|>", "<[EOS]>", "[EOS]",
    "<end_of_utterance>", "<pad>", "<|pad|>", "<|padding|>", "[PAD]", "<|fim_pad|>", "<|finetune_right_pad_id|>",
)  # fmt: skip
_MARK = re.compile(rf"(?:{'|'.join(map(re.escape, _MARKS))})(?=[\s<\[]|\Z)")


def without_end_marks(text: str) -> str:
    """The text up to the first mark: after it, another turn or only padding follows. White space before it is removed."""
    if "<" not in text and "[" not in text:
        return text.rstrip()
    found = _MARK.search(text)
    return (text[: found.start()] if found else text).rstrip()
