"""Parts of pages that react in the browser itself: each a script with its style, and no build step."""
