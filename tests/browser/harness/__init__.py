"""A real JupyterLab or Notebook in a real browser, for tests.

`process` starts and ends servers, `jupyter` knows Jupyter's, `notebook` is one notebook in one
page, `frames` records what goes over its websockets, and `errors` what the page complains about.
"""
