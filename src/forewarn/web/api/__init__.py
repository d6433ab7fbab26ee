"""The API: what programs may ask, under ``/api/v1``, for the person whose token or session they bring.

One table (``table``) says what there is; answers, the OpenAPI document and the reference page are made from it. What is
given is for that person on this node and is no release; what they may not see is not selected.
"""
