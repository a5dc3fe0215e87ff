"""Tasks for lm-evaluation-harness, as YAML files in the folder of this package, and a filter.

    lm_eval --include_path "$(python -m tracekd.integrations.lm_eval)" --tasks tracekd_judged --model hf \
        --model_args pretrained=NAME --metadata '{"tracekd_task": "babi", "tracekd_problems": "problems.jsonl"}'
"""

from pathlib import Path

FOLDER = Path(__file__).parent
