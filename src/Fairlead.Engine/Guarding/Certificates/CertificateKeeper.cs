using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Publishing;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Guarding.Certificates;

/// <summary>Where certificates come from and where they are used.</summary>
/// <param name="AuthorityOf">Finds an authority by its name, with a site's settings for it.</param>
/// <param name="DeskOf">Where challenges are answered, with a site's settings for it.</param>
public sealed record CertificatePorts(
    IStore Store,
    ICertificateShelf Shelf,
    Func<string, TlsPolicy?, ICertificateAuthority> AuthorityOf,
    Func<TlsPolicy?, IChallengeDesk> DeskOf
);

/// <summary>Sees to it that every host of every app has the certificate it needs, long before the one in use ends.</summary>
public sealed class CertificateKeeper(CertificatePorts ports, World world, ILogger<CertificateKeeper> log)
{
    private const int OrdersAtOnce = 4;
    private const int TriesMax = 5;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OrderMax = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan SayAgainAfter = TimeSpan.FromDays(1);

    private readonly Bell bell = new(world.Clock);
    private readonly Dictionary<string, (CertificateState State, DateTimeOffset At)> said = new(StringComparer.Ordinal);

    /// <summary>Lets the keeper look at once.</summary>
    public void Ring() => bell.Ring();

    /// <exception cref="FencedException">Another server is in charge.</exception>
    public async Task RunAsync(Fence fence, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await SettleAsync(fence, stop);
            }
            catch (ProblemException caught)
            {
                Log.CertificatesNotSeen(log, caught.Problem.Code, caught.Problem.Why);
            }
            await bell.SleepAsync(LookEvery, stop);
        }
    }

    /// <summary>Gets every certificate that is due, and forgets those that have ended and that nobody needs any more.</summary>
    /// <exception cref="ProblemException">The edge cannot be reached.</exception>
    public async Task SettleAsync(Fence fence, CancellationToken stop)
    {
        var held = await ports.Shelf.ListAsync(stop);
        var all = await ViewsAsync(held, stop);
        var needed = all.Select(one => one.Need.Host).ToHashSet(StringComparer.Ordinal);
        // Not before their end: a rollback may need a host again, and authorities count how often one is signed.
        foreach (var one in held.Where(one => one.NotAfter <= world.Now && !one.Hosts.Any(needed.Contains)))
        {
            await ports.Shelf.RemoveAsync(one.Hosts, fence, stop);
        }
        var due = all.Where(one => one.Due <= world.Now).OrderBy(one => one.Held?.NotAfter ?? DateTimeOffset.MinValue);
        using var room = new SemaphoreSlim(OrdersAtOnce);
        await Task.WhenAll(due.Select(one => AloneAsync(one, OrderAsync, room, fence, stop)));
        Warn(all);
        var asked = all.Where(one =>
            one.Due > world.Now && CertificatePlan.AsksAdvice(one.Held, one.Record, world.Now)
        );
        await Task.WhenAll(asked.Select(one => AloneAsync(one, AdviseAsync, room, fence, stop)));
    }

    // Once a day, as long as it lasts: what ends unrenewed takes every visitor of its host away.
    private void Warn(IReadOnlyList<CertificateView> all)
    {
        foreach (var view in all)
        {
            var state = CertificatePlan.StateOf(view.Held, view.Record, world.Now);
            if (state is not (CertificateState.Expiring or CertificateState.Expired))
            {
                said.Remove(view.Need.Host);
            }
            else if (
                !said.TryGetValue(view.Need.Host, out var before)
                || before.State != state
                || world.Now - before.At >= SayAgainAfter
            )
            {
                said[view.Need.Host] = (state, world.Now);
                Log.CertificateEnds(log, CertificatePlan.WarningOf(view, world.Now)!, view.Need.Host); // Such a state has one.
            }
        }
    }

    /// <summary>Every host that needs a certificate, and how it stands.</summary>
    public async Task<IReadOnlyList<CertificateView>> ViewsAsync(CancellationToken stop) =>
        await ViewsAsync(await ports.Shelf.ListAsync(stop), stop);

    private async Task<IReadOnlyList<CertificateView>> ViewsAsync(
        IReadOnlyList<HeldCertificate> shelf,
        CancellationToken stop
    )
    {
        var held = shelf
            .SelectMany(one => one.Hosts.Select(host => (host, one)))
            .ToLookup(one => one.host, one => one.one, StringComparer.Ordinal);
        var records = (await ports.Store.ListAsync(CertificateRecord.Collection, "", stop))
            .Select(document => (Record: Records.Read<CertificateRecord>(document), document.Version))
            .ToDictionary(one => one.Record.Host, StringComparer.Ordinal);
        var views = new List<CertificateView>();
        foreach (var need in await NeedsAsync(stop))
        {
            var (record, version) = records.GetValueOrDefault(need.Host, (new CertificateRecord(need.Host), 0));
            var one = held[need.Host].MaxBy(certificate => certificate.NotAfter);
            views.Add(new(need, one, record, version, CertificatePlan.Due(need, one, record)));
        }
        return views;
    }

    /// <summary>Asks for a new certificate now, whatever the one in use says.</summary>
    public async Task RenewAsync(CertificateView view, Fence fence, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await SaveAsync(
                    view,
                    view.Record with
                    {
                        IsAskedFor = true,
                        NotBefore = null,
                    },
                    said: null,
                    fence,
                    stop
                );
                Ring();
                return;
            }
            catch (ConflictException) when (tries < TriesMax)
            {
                // The keeper itself wrote down this moment how another renewal went.
                var host = view.Need.Host;
                view = (await ViewsAsync(stop)).FirstOrDefault(one => one.Need.Host == host) ?? view;
            }
        }
    }

    private static async Task AloneAsync(
        CertificateView view,
        Func<CertificateView, Fence, CancellationToken, Task> act,
        SemaphoreSlim room,
        Fence fence,
        CancellationToken stop
    )
    {
        await room.WaitAsync(stop);
        try
        {
            await act(view, fence, stop);
        }
        catch (ConflictException)
        {
            // Somebody asked for it at the same moment: the next look sees both.
        }
        finally
        {
            room.Release();
        }
    }

    private async Task OrderAsync(CertificateView view, Fence fence, CancellationToken stop)
    {
        var (record, said) = await TryAsync(view, fence, stop);
        await SaveAsync(view, record, said, fence, stop);
    }

    private async Task AdviseAsync(CertificateView view, Fence fence, CancellationToken stop)
    {
        var advice = view.Record.Advice;
        try
        {
            var authority = ports.AuthorityOf(view.Record.Authority!, view.Need.Policy);
            advice = await authority.AdviseAsync(view.Record.ChainPem!, stop);
        }
        catch (ProblemException caught)
        {
            // What it said last holds until it can be asked again.
            Log.NoAdvice(log, view.Need.Host, view.Record.Authority!, caught.Problem.Why);
        }
        var record = view.Record with { Advice = advice, AdvisedAt = world.Now };
        await SaveAsync(view, record, said: null, fence, stop);
    }

    private async Task<(CertificateRecord Record, string Said)> TryAsync(
        CertificateView view,
        Fence fence,
        CancellationToken stop
    )
    {
        var (need, record) = (view.Need, view.Record);
        var name = CertificatePlan.AuthorityOf(need, record);
        using var limit = new CancellationTokenSource(OrderMax, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var order = new CertificateOrder([need.Host], need.Policy?.Proofs ?? []);
            var authority = ports.AuthorityOf(name, need.Policy);
            var issued = await authority.IssueAsync(order, ports.DeskOf(need.Policy), both.Token);
            await ports.Shelf.PutAsync(issued, fence, stop);
            Log.CertificateGot(log, need.Host, name, issued.NotAfter);
            var got = new CertificateRecord(need.Host)
            {
                Authority = name,
                TriedAt = world.Now,
                ChainPem = need.Policy is null ? null : issued.ChainPem,
            };
            return (got, $"{need.Host} has a certificate from {name} until {issued.NotAfter:yyyy-MM-dd}");
        }
        catch (Exception caught)
            when (caught is ProblemException
                || (
                    caught is OperationCanceledException
                    && limit.IsCancellationRequested
                    && !stop.IsCancellationRequested
                )
            )
        {
            var problem = (caught as ProblemException)?.Problem;
            var trouble = problem is null
                ? $"It took longer than {OrderMax.TotalMinutes:0} minutes."
                : $"{problem.What} {problem.Why}";
            var failures = record.Failures + 1;
            var pause = world.Now + CertificatePlan.PauseAfter(failures);
            Log.CertificateNotGot(log, need.Host, name, trouble);
            var failed = record with
            {
                Failures = failures,
                Trouble = trouble,
                TriedAt = world.Now,
                NotBefore = problem?.RetryAt is { } later && later > pause ? later : pause,
            };
            return (failed, $"{need.Host} got no certificate from {name}: {trouble}");
        }
    }

    private async Task SaveAsync(
        CertificateView view,
        CertificateRecord record,
        string? said,
        Fence fence,
        CancellationToken stop
    ) =>
        await ports.Store.CommitAsync(
            new Change(fence)
            {
                Entries = said is null ? [] : [new NewEntry(view.Need.Site, Deployment: null, "certificate", said)],
                Writes = [new Write(CertificateRecord.Collection, record.Host, Records.Body(record), view.Version)],
            },
            stop
        );

    private async Task<IReadOnlyList<NeededCertificate>> NeedsAsync(CancellationToken stop)
    {
        var needs = new Dictionary<string, NeededCertificate>(StringComparer.Ordinal);
        foreach (var document in await ports.Store.ListAsync(Records.Sites, "", stop))
        {
            var record = Records.Read<SiteRecord>(document);
            // A host has its certificate before the release that brings it is live.
            foreach (var number in new[] { await UnderWayAsync(record, stop), record.Live }.OfType<int>())
            {
                var key = Memory.ReleaseKey(record.Site, number);
                if (await ports.Store.ReadAsync(Records.Releases, key, stop) is { } release)
                {
                    foreach (var need in NeededCertificate.Of(Records.Read<Release>(release)))
                    {
                        needs.TryAdd(need.Host, need);
                    }
                }
            }
        }
        if ((await PublicAddress.ReadAsync(ports.Store, stop))?.Certificate is { } own)
        {
            needs.TryAdd(own.Host, own);
        }
        foreach (var need in PageHosts.Certificates(await PageHosts.ReadAsync(ports.Store, stop)))
        {
            needs.TryAdd(need.Host, need);
        }
        return [.. needs.Values.OrderBy(need => need.Host, StringComparer.Ordinal)];
    }

    private async Task<int?> UnderWayAsync(SiteRecord record, CancellationToken stop) =>
        record.Active is { } id
        && await ports.Store.ReadAsync(Records.Deployments, $"{record.Site}/{id}", stop) is { } document
            ? Records.Read<Deployment>(document).Release
            : null;
}

/// <summary>A host that needs a certificate, and how it stands.</summary>
/// <param name="Version">Of the record in the store.</param>
/// <param name="Due">When the next attempt is due; it may be in the past.</param>
public sealed record CertificateView(
    NeededCertificate Need,
    HeldCertificate? Held,
    CertificateRecord Record,
    int Version,
    DateTimeOffset Due
);
