"""The dashboard: `server` mounts it, `app` draws the page that an address asks for.

`pages/` has a file a page; `parts/` what pages are put together from; `panels/` turns numbers into words, tables and
pictures, and needs no browser; `widgets/` are the pieces that live in the browser; `downloads/` what one takes along;
`static/` and `strings/` the look and the words. `state` is what an address says, `live` the queue that every page asks.
`measure` times it in a browser.
"""
