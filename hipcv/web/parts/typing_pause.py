"""What is typed goes to the server after a pause.

Streamlit sends it when the field is left. A press that leaves the field and opens another page at once is lost then, or loses what was typed,
or leaves an empty page.
"""

PAUSE_MS = 300
LIVE = f"{PAUSE_MS}ms"
"""For Streamlit's fields of one line, which know such a pause; those of several lines do not, but send what they hold at Ctrl+Enter."""
SCRIPT = """<script>
if (!window.hipcvTyping) {
  window.hipcvTyping = true;
  let pause;
  document.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-testid=stTextArea] textarea") || target.closest("[data-testid=stForm]")) return; // there it would send the form
    clearTimeout(pause);
    pause = setTimeout(() => target.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true })), PAUSE_MS);
  });
}
</script>""".replace("PAUSE_MS", str(PAUSE_MS))
"""For every page."""
