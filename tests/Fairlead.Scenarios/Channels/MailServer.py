"""A server of mail that wants TLS and a password, and writes down what it takes, a line of JSON for each."""
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

port, tls, certificate, key, mails = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5]


class Keeper:
    async def handle_DATA(self, server, session, envelope):
        with open(mails, "a", encoding="utf-8") as file:
            json.dump(
                {
                    "from": envelope.mail_from,
                    "to": envelope.rcpt_tos,
                    "sealed": tls == "implicit" or session.ssl is not None,
                    "user": session.auth_data.login.decode(),
                    "text": envelope.content.decode("utf-8"),
                },
                file,
            )
            file.write("\n")
        return "250 taken"


def check(server, session, envelope, mechanism, given):
    isRight = isinstance(given, LoginPassword) and given == LoginPassword(b"fairlead", b"hush-hush")
    # Not "handled": the server is to say that it was wrong.
    return AuthResult(success=isRight, handled=False, auth_data=given)


async def main():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    options = (
        {"auth_require_tls": False}
        if tls == "implicit"
        else {"tls_context": context, "require_starttls": True}
    )
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(Keeper(), authenticator=check, auth_required=True, **options),
        "127.0.0.1",
        port,
        ssl=context if tls == "implicit" else None,
    )
    await server.serve_forever()


asyncio.run(main())
