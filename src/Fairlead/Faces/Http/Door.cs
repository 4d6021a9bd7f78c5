using System.Net;
using Fairlead.Drivers.Http;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard;
using Fairlead.Faces.Hooks;
using Fairlead.Faces.Status;
using Fairlead.Model.Security;

namespace Fairlead.Faces.Http;

/// <summary>
/// Finds out who asks, by the first credential that says so, and lets nobody else in. Over TCP a caller must have asked for a
/// loopback name, or for the server's own address: a page in a browser that was rebound to 127.0.0.1 has asked for another.
/// </summary>
/// <param name="credentials">Asked in this order.</param>
/// <param name="open">Paths that are for everybody.</param>
internal sealed class Door(IReadOnlyList<ICredential> credentials, IReadOnlySet<string> open)
{
    /// <summary>All below them proves itself, or is for everybody.</summary>
    private static readonly string[] OpenFolders =
    [
        AnswerIncident.Folder,
        AssetShelf.Folder,
        HookFace.Folder,
        PingFace.Folder,
        StatusFace.Folder,
    ];

    /// <exception cref="Refused">The caller may not come in.</exception>
    public async Task CheckAsync(HttpContext http, CancellationToken stop)
    {
        if (await new SocketCredential().FindAsync(http, stop) is { } owner)
        {
            http.Features.Set(Lowered(owner, http));
            return;
        }
        if (!Outside.Is(http) && !IsLoopback(http.Request.Host.Host))
        {
            throw new Refused(StatusCodes.Status403Forbidden, Problems.ForeignHost(http.Request.Host.Host));
        }
        var path = http.Request.Path.Value ?? "";
        var isOpen =
            open.Contains(path) || OpenFolders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal));
        try
        {
            if (await FindAsync(http, stop) is { } principal)
            {
                http.Features.Set(Lowered(principal, http));
            }
            else if (!isOpen)
            {
                throw new Refused(StatusCodes.Status401Unauthorized, Problems.NoToken());
            }
        }
        catch (Refused) when (isOpen)
        {
            // What is for everybody is also for who shows something that is good no longer.
        }
    }

    // Whoever may more may ask as one who may less; the other way round there is no header for.
    private static Principal Lowered(Principal principal, HttpContext http) =>
        http.Request.Headers[Wire.AgentHeader] switch
        {
            [] => principal,
            [{ Length: > 0 and <= 40 } name]
                when name.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-') => principal.AsAgent(name),
            _ => principal.AsAgent("unnamed"),
        };

    private async ValueTask<Principal?> FindAsync(HttpContext http, CancellationToken stop)
    {
        foreach (var credential in credentials.Where(one => one.IsForOutside || !Outside.Is(http)))
        {
            if (await credential.FindAsync(http, stop) is { } principal)
            {
                return principal;
            }
        }
        return null;
    }

    /// <summary>Who asks, where the door has let somebody in.</summary>
    public static Principal CallerOf(HttpContext http) =>
        http.Features.Get<Principal>() ?? throw new InvalidOperationException("Nobody was let in.");

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
