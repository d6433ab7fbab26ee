"""What programs hand in is signed by the holder of the token, where this house asks for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from forewarn.operations import tokens
from forewarn.operations.intake_signing import signature_of


def test_what_is_handed_in_is_signed_where_a_secret_is_set(node: Any) -> None:
    """By the key of that token, over these bytes, now; anything else is refused in the same words and kept nowhere."""
    asked = replace(node.workspace.settings, intake_secret="a secret of this house")  # noqa: S106
    signing = type(node)(replace(node.workspace, settings=asked))
    owner = tokens.person_named(signing.workspace, node.person(("monitor", "XKA", "low")))
    made, other = (
        tokens.make_token(signing.workspace, owner, one, ["intake:feed"], days=1, at=node.now) for one in ("a", "b")
    )
    assert made.signing_key != other.signing_key
    client, address = signing.client(made.token), "/api/v1/channels/feed/intake?file=a.xml"
    body, now = b"<rss version='2.0'><channel><title>t</title></channel></rss>", int(node.now.timestamp())

    def handed(body: bytes, key: str, at: int, over: bytes | None = None) -> Any:
        signature = signature_of(key, str(at), body if over is None else over)
        return client.post(address, content=body,
                           headers={"X-Forewarn-Timestamp": str(at), "X-Forewarn-Signature": signature})  # fmt: skip

    refused = [
        client.post(address, content=body), handed(body, other.signing_key, now), handed(body, "", now),
        handed(body + b" ", made.signing_key, now, over=body), handed(body, made.signing_key, now - 301),
        handed(body, made.signing_key, now + 301), handed(body, made.token, now),
        client.post(address, content=body, headers={"X-Forewarn-Timestamp": b"\xb2", "X-Forewarn-Signature": b"\xe9"}),
    ]  # fmt: skip
    assert {(one.status_code, one.json()["detail"]) for one in refused} == {(403, refused[0].json()["detail"])}
    assert [handed(body, made.signing_key, at).status_code in (200, 201) for at in (now, now - 299)] == [True, True]
