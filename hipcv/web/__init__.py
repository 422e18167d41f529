"""The app in a browser. `server/` answers requests, `parts/` draws, `pages/` are thin.

In: uploads and clicks of patients and therapists.
Out: pages, charts and downloads; it asks the store and the queue, and never measures itself.
"""
