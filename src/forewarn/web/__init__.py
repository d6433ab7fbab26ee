"""The front door for browsers, on this machine alone: pages from the server, no script, nothing from elsewhere.

``server`` listens, ``app`` answers and turns every failure into a page, ``guard`` holds cookies, tokens of forms,
headers and the brake on sign-in, ``pages`` are what can be asked for, ``acts`` what can be done.
"""
