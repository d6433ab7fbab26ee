"""The front door for browsers, on this machine alone: pages from the server, nothing from elsewhere.

``listening`` takes a port, ``heads`` reads from the wire, ``app`` answers and turns every failure into a page,
``guard`` holds cookies, tokens of forms, headers and the brake on sign-in, ``pages`` are what can be read and sent,
``files`` the sheet of style and scripts, ``languages`` the catalogues. Every page can be read with scripts off.
"""
