using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Compliance;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Looks at everything that is evidence. Reads only, but for the head that it signs.</summary>
internal static class ComplianceDesk
{
    private const int PageMax = 10_000;

    /// <param name="catalogue">Null for all.</param>
    public static async Task<Bundle> BundleAsync(EngineContext engine, string? catalogue, CancellationToken stop)
    {
        var chosen = Choose(catalogue);
        // Signed first, so that the newest lines count as covered.
        var head = await engine.Server.Audit.SignAsync(stop);
        var snapshot = await LookAsync(engine, head?.At, stop);
        var evidence = AllEvidence.Of(snapshot);
        var attestations = (await engine.Server.Store.ListAsync(Attestation.Collection, "", stop))
            .Select(Records.Read<Attestation>)
            .ToList();
        return new(
            snapshot.Now,
            [.. chosen.Select(one => Assessment.Of(one, evidence, attestations, snapshot.Now))],
            [.. evidence.Values],
            head,
            engine.Server.Audit.PublicPem
        );
    }

    public static IReadOnlyList<Catalogue> Choose(string? id) =>
        id is null ? Catalogue.All
        : Catalogue.All.FirstOrDefault(one => string.Equals(one.Id, id, StringComparison.OrdinalIgnoreCase))
            is { } found
            ? [found]
        : throw new ProblemException(
            new Problem(
                "compliance.unknown-catalogue",
                What: $"There is no catalogue '{id}'.",
                Why: $"There are: {string.Join(", ", Catalogue.All.Select(one => one.Id))}.",
                Fix: "Name one of them, or none for all: fairlead compliance report"
            )
            {
                Trouble = Trouble.NotFound,
            }
        );

    private static async Task<EvidenceSnapshot> LookAsync(
        EngineContext engine,
        DateTimeOffset? signedAt,
        CancellationToken stop
    )
    {
        var server = engine.Server;
        var sites = await Sites.AllAsync(server, stop);
        List<Release> live = [];
        foreach (var site in sites.Where(site => site.Live is not null))
        {
            live.Add(await Sites.ReleaseAsync(server, site.Site, site.Live!.Value, stop));
        }
        return new(engine.World.Now)
        {
            Audit = await AuditAsync(server, signedAt, stop),
            Live = live,
            Scans = await LiveScans.LookAsync(engine, live, stop),
            Host = HostDesk.Look(engine),
            Drills = server.Saves ? await DrillsAsync(engine, stop) : null,
            Deployments =
            [
                .. (await server.Store.ListAsync(Records.Deployments, "", stop))
                    .Select(Records.Read<Deployment>)
                    .OrderBy(one => one.RequestedAt),
            ],
            People = await server.Identity.Parts.People.AllAsync(stop),
            Tokens = await new TokenDesk(server.Store, engine.World).AllAsync(stop),
            Certificates =
            [
                .. (await server.Certificates.ViewsAsync(stop)).Select(view => new CertificateSeen(
                    view.Need.Host,
                    view.Held?.NotAfter,
                    view.Record.Trouble
                )),
            ],
            Secrets =
            [
                .. (await server.Vault.ListAsync(site: null, stop)).Select(secret => new SecretSeen(
                    secret.Key,
                    secret.Newest?.At,
                    secret.From is not null
                )),
            ],
        };
    }

    // A drill whose signature is not ours is somebody's word, and counts as one that failed.
    private static async Task<IReadOnlyList<DrillSeen>?> DrillsAsync(EngineContext engine, CancellationToken stop)
    {
        var desk = engine.Server.Backups;
        var databases = await desk.LiveAsync(stop);
        List<DrillSeen> drills = [];
        foreach (var (site, database) in databases)
        {
            foreach (var backup in await desk.Book.ListAsync(site, database.Name, stop))
            {
                if (backup.Drill is { } drill)
                {
                    var isOurs = drill.IsSigned(backup, engine.Scanning.Signer);
                    drills.Add(new($"{site}/{database.Name}", drill.At, drill.Problem is null && isOurs));
                }
            }
        }
        return databases.Count == 0 ? null : drills;
    }

    private static async Task<AuditSeen> AuditAsync(ServerSide server, DateTimeOffset? signedAt, CancellationToken stop)
    {
        var cut = await server.Store.FindBreakAsync(stop);
        var check = await server.Audit.CheckAsync(stop);
        Dictionary<string, (long Count, DateTimeOffset Last)> kinds = [];
        DateTimeOffset? since = null;
        var after = 0L;
        while (await server.Store.ReadJournalAsync(after, filter: null, PageMax, stop) is { Count: > 0 } page)
        {
            since ??= page[0].At;
            foreach (var entry in page)
            {
                kinds[entry.Kind] = (kinds.GetValueOrDefault(entry.Kind).Count + 1, entry.At);
            }
            after = page[^1].Sequence;
        }
        return new(
            check.Lines,
            check.Covered,
            check.Proven,
            check.Break?.Why ?? (cut is null ? null : "Its end was cut off.")
        )
        {
            SignedAt = signedAt,
            Kinds = kinds,
            Since = since,
        };
    }
}
