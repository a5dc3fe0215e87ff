"""Pretraining of the embedded base: the generated stories, the exercises about them, and the training."""
