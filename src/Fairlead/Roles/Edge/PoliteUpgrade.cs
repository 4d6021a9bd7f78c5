using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Roles.Edge;

/// <summary>
/// Lets the edge end a WebSocket as its peer would: with a close frame that says "service restart", so that clients reconnect
/// at once instead of guessing at a broken line.
/// </summary>
internal sealed class PoliteUpgrade(IHttpUpgradeFeature inner, HttpContext http) : IHttpUpgradeFeature
{
    private static readonly TimeSpan GoodbyeMax = TimeSpan.FromSeconds(1);
    private FramedStream? stream;

    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    // The signature is ASP.NET's: no token.
    public async System.Threading.Tasks.Task<Stream> UpgradeAsync() =>
        stream = FramedStream.Over(await inner.UpgradeAsync());

    /// <summary>Sends the close frame if one may be sent now: it must not fall into the middle of another frame.</summary>
    public async Task SayGoodbyeAsync(TimeProvider clock, CancellationToken stop)
    {
        if (
            stream is null
            || !http.Response.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
        )
        {
            return;
        }
        using var limit = new CancellationTokenSource(GoodbyeMax, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await stream.CloseAsync(both.Token);
        }
        catch (Exception caught) when (caught is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone or does not read: then there is nobody to be polite to.
        }
    }
}
