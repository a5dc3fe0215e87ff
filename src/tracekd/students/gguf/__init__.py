"""GGUF files as bases: checked, converted once into a folder of safetensors, and used like any other base from then on."""
