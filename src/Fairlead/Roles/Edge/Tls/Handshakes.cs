using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Fairlead.Roles.Edge.Tls;

/// <summary>Chooses the certificate of a handshake by the name that the client asks for. Who asks for nobody here is sent away, not shown another's.</summary>
internal sealed class Handshakes(CertificateDesk desk, ChallengeBoard challenges)
{
    private static readonly TimeSpan HandshakeMax = TimeSpan.FromSeconds(10);

    // A fatal alert, unrecognized_name (RFC 6066, section 3).
    private static readonly ReadOnlyMemory<byte> UnknownName = new byte[] { 21, 3, 3, 0, 2, 2, 112 };

    public void Use(ListenOptions listen)
    {
        listen.Use(Peek);
        listen.UseHttps(
            new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = HandshakeMax,
                OnConnection = context => ChooseAsync(context, context.CancellationToken),
            }
        );
        // An authority has seen what it came for, and nothing else is said to it (RFC 8737, section 3).
        listen.Use(next =>
            connection => connection.Features.Get<FromAuthority>() is null ? next(connection) : Task.CompletedTask
        );
    }

    // Only while an authority is awaited: its hello alone says that it is one.
    private ConnectionDelegate Peek(ConnectionDelegate next) =>
        async connection =>
        {
            if (challenges.AwaitsHandshakes && await IsAuthorityAsync(connection, connection.ConnectionClosed))
            {
                connection.Features.Set(new FromAuthority());
            }
            await next(connection);
        };

    private static async ValueTask<bool> IsAuthorityAsync(ConnectionContext connection, CancellationToken stop)
    {
        var input = connection.Transport.Input;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(HandshakeMax);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(limit.Token);
                if (!read.IsCompleted && ClientHello.IsPart(read.Buffer))
                {
                    input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    continue;
                }
                var isAuthority = ClientHello.Offers(read.Buffer, ChallengeBoard.AcmeProtocol.Protocol.Span);
                input.AdvanceTo(read.Buffer.Start);
                return isAuthority;
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return false; // The handshake finds out the same and ends it.
        }
    }

    private async ValueTask<SslServerAuthenticationOptions> ChooseAsync(
        TlsHandshakeCallbackContext context,
        CancellationToken stop
    )
    {
        var name = context.ClientHelloInfo.ServerName;
        var options = context.Connection.Features.Get<FromAuthority>() is null
            ? desk.Book.Find(name)
            : challenges.Find(name);
        if (options is null)
        {
            await context.Connection.Transport.Output.WriteAsync(UnknownName, stop);
            throw new AuthenticationException("Nobody here has that name.");
        }
        return options;
    }

    private sealed class FromAuthority;
}
