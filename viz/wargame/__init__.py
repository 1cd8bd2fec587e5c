"""The classroom game in browsers: `server` serves it, `house` holds the games that are played, `routes` answers.

`pages/` turns what a reader may see (`experiments/wargame/views.py`) into pages, `templates/` are their forms,
`strings/` their words, `static/` their look and their one script. Every page works without script: forms are posted and
pages come back. `stream` tells pages that something has changed, never what. `limits` says how much one device may ask.
`solo` is the game for one, `debriefs` what a class reads afterwards.
"""
