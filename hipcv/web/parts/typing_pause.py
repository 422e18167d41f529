"""Sends what is typed to the server after a pause in typing.

Streamlit sends it when the field is left. If the same press opens another page, that press is lost, or the text is, or the page is empty.
"""

PAUSE_MS = 300
LIVE = f"{PAUSE_MS}ms"
"""For Streamlit's single-line fields. Its multi-line fields have no such option, but send their text at Ctrl+Enter."""
_FIELDS = ("note", "patient", "record")
"""The multi-line fields that the script is for, by the start of their keys: the note on a video, and the comments under a review."""
SCRIPT = """<script>
if (!window.hipcvTyping) {
  window.hipcvTyping = true;
  let pause;
  const typed = ({ target, isComposing }) => {
    if (!target.matches("FIELDS") || target.closest("[data-testid=stForm]")) return; // there, Ctrl+Enter would submit the form
    clearTimeout(pause);
    if (isComposing) return; // a character that takes several keys is not complete yet
    pause = setTimeout(() => target.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true })), PAUSE_MS);
  };
  document.addEventListener("input", typed);
  document.addEventListener("compositionend", typed);
}
</script>""".replace("PAUSE_MS", str(PAUSE_MS)).replace("FIELDS", ", ".join(f"[class*=st-key-{name}-] textarea" for name in _FIELDS))
"""For every page."""
