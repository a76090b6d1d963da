"""Load from other people's drivers: ghz and h2load, and ymasknet-load where ghz is missing."""
