"""Says in the page's language what Streamlit always says in English, to those who hear the page read out."""

from hipcv.catalogues.words import Words

_SCRIPT = """{
document.documentElement.lang = "LANGUAGE";
window.hipcvNaming?.disconnect();
const text = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--hipcv-${name}`).replaceAll('"', "");
const ofChip = /^(Remove|Cancel upload of) /;
const names = {
  "[data-testid=stTooltipIcon] button, [data-testid=stTooltipHoverTarget] button": (one) => one.ariaLabel?.replace(/^Help for /, "HELP "),
  "[data-testid=stSidebar]": () => "MENU",
  "[data-testid=stSelectbox] button": () => "OPEN",
  "[data-testid=stExpandSidebarButton], [data-testid=stSidebarCollapseButton] button": () => "MENU",
  "[data-testid=stFileUploaderDropzone] button:not([data-testid=stFileChip] *), [data-testid=stFileUploaderDropzoneInput]": () => text("choose"),
  "[data-testid=stFileChip] button": (one) => {
    if (ofChip.test(one.ariaLabel)) one.dataset.was = one.ariaLabel;
    return one.dataset.was?.replace(/^Remove /, "REMOVE: ").replace(/^Cancel upload of /, "BREAK: ");
  },
};
const whyNot = (said) => (said.includes("or smaller") ? "too-large" : said.includes("not allowed") ? "wrong-kind" : "not-sent");
const name = () => {
  for (const [selector, nameOf] of Object.entries(names))
    for (const one of document.querySelectorAll(selector))
      if (one.dataset.named !== "LANGUAGE" || ofChip.test(one.ariaLabel)) {
        one.ariaLabel = nameOf(one);
        one.dataset.named = "LANGUAGE";
      }
  for (const one of document.querySelectorAll("input[placeholder='Choose an option']")) one.placeholder = "";
  for (const one of document.querySelectorAll("[data-testid=stFileChip] [role=alert]")) {
    const shown = one.closest("[data-testid=stFileChip]").dataset;
    if (one.textContent !== shown.told) shown.why = whyNot(one.textContent);
    shown.told = text(shown.why);
    if (one.textContent !== shown.told) one.textContent = shown.told;
  }
  const skip = document.querySelector("[data-testid=stSkipToContent]");
  if (skip && skip.textContent !== "SKIP") skip.textContent = "SKIP";
};
name();
window.hipcvNaming = new MutationObserver(name);
window.hipcvNaming.observe(document.body, { childList: true, subtree: true });
}"""


def script(words: Words) -> str:
    """The language of the page, which decides about a reader's voice, and the names of menu, skip link, help, lists and upload button."""
    made = _SCRIPT.replace("LANGUAGE", words.language)
    for name in ("menu", "help", "open", "remove", "break", "skip"):
        made = made.replace(name.upper(), words(f"app.{name}"))
    return f"<script>{made}</script>"
