using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Telling;

/// <summary>What is to be told and what was, as the store keeps it.</summary>
internal sealed class DeliveryBook((IStore Store, Func<Fence> Fence) to, ILogger log)
{
    private const int KeptMax = 2_000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    /// <summary>What was not sent yet, the oldest first.</summary>
    public async Task<IReadOnlyList<Delivery>> WaitingAsync(CancellationToken stop) =>
        [
            .. (await to.Store.ListAsync(Delivery.Collection, "", stop))
                .Select(Records.Read<Delivery>)
                .Where(static one => one.State is DeliveryState.Waiting)
                .OrderBy(static one => one.At),
        ];

    /// <summary>Those that are not written down yet: two channels of a receiver may fail with the same news, whose fallback hears them once.</summary>
    public async Task<IReadOnlyList<Delivery>> UnknownAsync(IReadOnlyList<Delivery> all, CancellationToken stop)
    {
        var unknown = new List<Delivery>();
        foreach (var one in all)
        {
            try
            {
                if (await to.Store.ReadAsync(Delivery.Collection, one.Id, stop) is null)
                {
                    unknown.Add(one);
                }
            }
            catch (ProblemException)
            {
                unknown.Add(one); // Twice is better than never.
            }
        }
        return unknown;
    }

    /// <summary>Writes them down as they are now. A disk that is full is logged, and keeps nobody from being told.</summary>
    public Task KeepAsync(IReadOnlyList<Delivery> deliveries, CancellationToken stop) =>
        CommitAsync(
            [.. deliveries.Select(static one => new Write(Delivery.Collection, one.Id, Records.Tree(one)))],
            stop
        );

    /// <summary>Forgets what ended long ago, and of too many the oldest.</summary>
    public async Task ForgetAsync(DateTimeOffset now, CancellationToken stop)
    {
        var ended = (await to.Store.ListAsync(Delivery.Collection, "", stop))
            .Select(Records.Read<Delivery>)
            .Where(static one => one.EndedAt is not null)
            .OrderByDescending(static one => one.EndedAt)
            .ToList();
        var old = ended.Skip(KeptMax).Concat(ended.Take(KeptMax).Where(one => now - one.EndedAt > KeptFor)).ToList();
        if (old.Count > 0)
        {
            await CommitAsync([.. old.Select(static one => new Write(Delivery.Collection, one.Id, Body: null))], stop);
        }
    }

    private async Task CommitAsync(IReadOnlyList<Write> writes, CancellationToken stop)
    {
        try
        {
            await to.Store.CommitAsync(new Change(to.Fence()) { Writes = writes }, stop);
        }
        catch (ProblemException caught)
        {
            Log.AlertsNotKept(log, caught.Problem.Code, caught.Problem.Why);
        }
    }
}
