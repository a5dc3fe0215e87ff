"""Generation engines with one interface: token ids in, token ids out."""
