"""The window in a browser: a server, thin pages, and what they draw."""
