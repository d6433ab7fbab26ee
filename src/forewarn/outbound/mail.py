"""Handing a message to the mail server that the settings name, and to no other.

Owns the connection: to the server's checked address, under TLS from the start (port 465) or by STARTTLS, with the time
bounded. Credentials go over TLS only; without them a server in the own network may be used in plain. Nothing is read
from a mailbox, and no address stands in an error.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage

import certifi

from forewarn.errors import ConfigurationError, InputNotFoundError, RuleError
from forewarn.outbound.guard import is_public

__all__ = ["Relay", "send_mail"]

_TLS_PORT = 465
_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Relay:
    """The mail server: host, port, and where it asks for one, an account."""

    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def send_mail(relay: Relay, message: EmailMessage) -> str:
    """Hand a message over; what the server answered, in a word.

    Raises:
        ConfigurationError: the server refuses the account or the sender.
        RuleError: the account would go in plain, or mail in plain to a public server.
        InputNotFoundError: it cannot be reached, breaks off, or refuses the recipient.
    """
    where = f"mail server {relay.host}"
    try:
        with _connected(relay) as server:
            server.ehlo()
            if relay.port != _TLS_PORT and server.has_extn("starttls"):
                server.starttls(context=_trusting())
                server.ehlo()
            elif relay.port != _TLS_PORT and (relay.user or not _is_own(server)):
                raise RuleError("offers no TLS", where=where, mend="use a server with TLS, or one of your own network")
            if relay.user:
                server.login(relay.user, relay.password)
            server.send_message(message)
        return "taken by the mail server"
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused):
        raise ConfigurationError("refuses the account or the sender", where=where, mend="check mail_user") from None
    except smtplib.SMTPRecipientsRefused:
        raise InputNotFoundError("refuses the recipient", where=where, mend="check the address") from None
    except (smtplib.SMTPException, OSError) as error:
        raise InputNotFoundError(f"failed ({type(error).__name__})", where=where, mend="try again later") from None


def _connected(relay: Relay) -> smtplib.SMTP:
    if relay.port == _TLS_PORT:
        return smtplib.SMTP_SSL(relay.host, relay.port, timeout=_SECONDS, context=_trusting())
    return smtplib.SMTP(relay.host, relay.port, timeout=_SECONDS)


def _is_own(server: smtplib.SMTP) -> bool:
    """Whether the server we are connected to is in the own network."""
    held = server.sock
    return isinstance(held, socket.socket) and not is_public(str(held.getpeername()[0]))


def _trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())
