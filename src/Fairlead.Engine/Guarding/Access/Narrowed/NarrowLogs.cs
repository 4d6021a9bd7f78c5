using Fairlead.Model.Ports;

namespace Fairlead.Engine.Guarding.Access.Narrowed;

/// <summary>Outputs of replicas as a caller may see them.</summary>
internal sealed class NarrowLogs(ILogs logs, Reach reach) : ILogs
{
    public Task<LogPage> ReadAsync(LogQuery query, string? cursor, CancellationToken stop) =>
        reach.Has(query.Site) ? logs.ReadAsync(query, cursor, stop) : Task.FromResult(new LogPage([], cursor ?? ""));
}
