"""Free reasoning traces of a teacher model, collected from any OpenAI-compatible endpoint; summaries and explanations."""
