using System.Globalization;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Targets;

/// <summary>Reads the logs that replicas of this machine wrote, through its node.</summary>
/// <param name="node">Asks the node; see <see cref="State.StateFolder.Socket"/>.</param>
public sealed class LocalLogs(RoleClient node) : ILogs
{
    public Task<LogPage> ReadAsync(LogQuery query, string? cursor, CancellationToken stop) =>
        node.GetAsync<LogPage>(Path(query, cursor), stop);

    internal static string Path(LogQuery query, string? cursor) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"/logs?site={Uri.EscapeDataString(query.Site.ToString())}&tail={query.Tail}&max={query.Max}"
        )
        + (query.Service is { } service ? $"&service={Uri.EscapeDataString(service)}" : "")
        + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}");
}
