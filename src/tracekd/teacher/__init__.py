"""Collects a teacher model's reasoning traces, summaries and explanations from any OpenAI-compatible endpoint."""
