"""What is typed goes to the server after a pause.

Streamlit sends it when the field is left. A press that leaves the field and opens another page at once is lost then, or loses what was typed,
or leaves an empty page.
"""

PAUSE_MS = 300
LIVE = f"{PAUSE_MS}ms"
"""For Streamlit's fields of one line, which know such a pause; those of several lines do not, but send what they hold at Ctrl+Enter."""
_FIELDS = ("note", "patient", "record")
"""Those of several lines that are meant, by the start of their keys: what is told of a video, and the comments under a review."""
SCRIPT = """<script>
if (!window.hipcvTyping) {
  window.hipcvTyping = true;
  let pause;
  const typed = ({ target, isComposing }) => {
    if (!target.matches("FIELDS") || target.closest("[data-testid=stForm]")) return; // there it would send the form
    clearTimeout(pause);
    if (isComposing) return; // a letter of several keys is not whole
    pause = setTimeout(() => target.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true })), PAUSE_MS);
  };
  document.addEventListener("input", typed);
  document.addEventListener("compositionend", typed);
}
</script>""".replace("PAUSE_MS", str(PAUSE_MS)).replace("FIELDS", ", ".join(f"[class*=st-key-{name}-] textarea" for name in _FIELDS))
"""For every page."""
