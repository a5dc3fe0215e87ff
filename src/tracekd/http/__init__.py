"""OpenAI-compatible endpoints over HTTP: address and key, requests, retries, replies. Teachers and engines use it."""
