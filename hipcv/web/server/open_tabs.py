"""What a page keeps on disk for a person stays while their tab is open, however long they take, and goes soon after it is closed."""

from pathlib import Path

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx


class OpenTabs:
    """Which files and folders belong to which tab. The supervisor asks it before it tidies up."""

    def __init__(self) -> None:
        self._tabs: dict[Path, str] = {}

    def hold(self, path: Path, tab: str = "") -> None:
        """Keep a file or folder as long as a tab, which is the one that is being drawn if none is named."""
        for gone in [held for held in tuple(self._tabs) if not held.exists()]:
            self._tabs.pop(gone, None)
        drawn = get_script_run_ctx(suppress_warning=True)
        if tab := tab or (drawn.session_id if drawn else ""):
            self._tabs[path] = tab

    def are_holding(self, path: Path) -> bool:
        """Whether a tab that is open now holds it; a page that runs without a server, in a test, is open."""
        tab = self._tabs.get(path)
        return tab is not None and (not runtime.exists() or runtime.get_instance().is_active_session(tab))
