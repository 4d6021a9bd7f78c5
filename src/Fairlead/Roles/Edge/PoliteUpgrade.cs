using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Roles.Edge;

/// <summary>
/// Takes a client over to another protocol, and lets the edge end a WebSocket as its peer would: with a close frame that says
/// "service restart", so that clients reconnect at once instead of guessing at a broken line.
/// </summary>
internal sealed class PoliteUpgrade(HttpContext http, string protocol)
{
    private static readonly TimeSpan GoodbyeMax = TimeSpan.FromSeconds(1);
    private FramedStream? framed;

    /// <summary>Answers the client; what it sends and gets from now on is the stream.</summary>
    public async Task<Stream> UpgradeAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var response = http.Response;
        Stream stream;
        if (http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } extended)
        {
            // HTTP/2 proves agreement by its status alone (RFC 8441, section 5).
            response.Headers.Remove("Sec-WebSocket-Accept");
            response.StatusCode = StatusCodes.Status200OK;
            stream = await extended.AcceptAsync();
        }
        else
        {
            response.Headers.Upgrade = protocol;
            stream = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        }
        return protocol.Equals("websocket", StringComparison.OrdinalIgnoreCase)
            ? framed = FramedStream.Over(stream)
            : stream;
    }

    /// <summary>Sends the close frame if one may be sent now: it must not fall into the middle of another frame.</summary>
    public async Task SayGoodbyeAsync(TimeProvider clock, CancellationToken stop)
    {
        if (framed is null)
        {
            return;
        }
        using var limit = new CancellationTokenSource(GoodbyeMax, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await framed.CloseAsync(both.Token);
        }
        catch (Exception caught) when (caught is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client is gone or does not read: then there is nobody to be polite to.
        }
    }
}
