"""OpenAI-compatible endpoints over HTTP: address and key, requests, retries, replies. For teachers and engines."""
