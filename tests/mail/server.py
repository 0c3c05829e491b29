#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mail server on loopback, for tests: Debian's aiosmtpd, which keeps what it
takes and can be told to be one of those that are met outside.

    server.py FOLDER [--be WHAT] [--tls CERT KEY] [--user NAME:PASSWORD]

Prints its port. Each mail becomes FOLDER/N.eml, its envelope FOLDER/N.env.
WHAT: good; refuses (550 to the address), later (451), refuses-data (554),
later-data (451), drops (hangs up at the address), drops-data (takes the whole
mail and hangs up without a word), later-once (451 to each address, the first
time), refuses-sender (553 to who it is from), slow (answers after 2 s), mute (never says a
word)."""
import argparse
import asyncio
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Keeper:
    def __init__(self, folder, be):
        self.folder, self.be, self.n = folder, be, 0
        self.met = set()

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.be == "refuses-sender":
            return "553 5.7.1 not in our name"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.be == "refuses":
            return "550 5.1.1 nobody here"
        if self.be == "later-once" and address not in self.met:
            self.met.add(address)
            return "451 4.7.1 come back in a while"
        if self.be == "later":
            return "451 4.7.1 come back in a while"
        if self.be == "drops":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.be == "refuses-data":
            return "554 5.6.0 not this one"
        if self.be == "later-data":
            return "451 4.3.0 no room"
        if self.be == "slow":
            await asyncio.sleep(2)
        self.n += 1
        mail = self.folder / f"{self.n}.eml"
        mail.with_suffix(".env").write_text(
            "\n".join([envelope.mail_from, *envelope.rcpt_tos,
                       "tls" if session.ssl else "plain",
                       session.host_name or ""]) + "\n")
        mail.with_suffix(".part").write_bytes(envelope.original_content)
        mail.with_suffix(".part").rename(mail)
        if self.be == "drops-data":
            server.transport.abort()
        return "250 2.0.0 taken"


class Mute(asyncio.Protocol):
    pass


def main():
    p = argparse.ArgumentParser()
    p.add_argument("folder", type=pathlib.Path)
    p.add_argument("--be", default="good")
    p.add_argument("--tls", nargs=2)
    p.add_argument("--user")
    args = p.parse_args()
    keeper = Keeper(args.folder, args.be)
    more = {}
    if args.tls:
        more["tls_context"] = ssl.create_default_context(
            ssl.Purpose.CLIENT_AUTH)
        more["tls_context"].load_cert_chain(*args.tls)
        more["require_starttls"] = True
    if args.user:
        name, word = args.user.encode().split(b":")

        def authenticate(server, session, envelope, mechanism, data):
            good = (data.login, data.password) == (name, word)
            return AuthResult(success=good, handled=False)
        more.update(authenticator=authenticate, auth_required=True,
                    auth_require_tls=bool(args.tls))

    async def serve():
        loop = asyncio.get_running_loop()
        make = Mute if args.be == "mute" else \
            lambda: SMTP(keeper, hostname="mail.test", loop=loop, **more)
        server = await loop.create_server(make, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(serve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
