using Fairlead.Engine.Judging;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>A site's documents. Its loop is the only one who changes them, so what was read or committed last is true until a commit fails.</summary>
internal sealed class Memory(Site site, IStore store, Fence fence)
{
    private readonly Dictionary<int, Release> releases = [];
    private readonly Dictionary<string, Deployment> deployments = [];
    private readonly Dictionary<string, Evidence?> evidence = [];
    private (SiteRecord Record, int Version)? known;

    public async Task<SiteRecord> RecordAsync(CancellationToken stop)
    {
        if (known is null)
        {
            var document = await store.ReadAsync(Records.Sites, site.ToString(), stop);
            known = document is null
                ? (new SiteRecord(site), 0)
                : (Records.Read<SiteRecord>(document), document.Version);
        }
        return known.Value.Record;
    }

    public async Task<Deployment> DeploymentAsync(string id, CancellationToken stop)
    {
        if (!deployments.TryGetValue(id, out var deployment))
        {
            var document = await store.ReadAsync(Records.Deployments, $"{site}/{id}", stop);
            deployments[id] = deployment = Records.Read<Deployment>(document!);
        }
        return deployment;
    }

    public async Task<Release?> ReleaseAsync(int? number, CancellationToken stop)
    {
        if (number is not { } wanted)
        {
            return null;
        }
        if (!releases.TryGetValue(wanted, out var release))
        {
            var document = await store.ReadAsync(Records.Releases, ReleaseKey(site, wanted), stop);
            releases[wanted] = release = Records.Read<Release>(document!);
        }
        return release;
    }

    /// <summary>What a judge knows of a service; null before there is a block.</summary>
    public async Task<Evidence?> EvidenceAsync(string deployment, string service, CancellationToken stop)
    {
        var key = EvidencePages.KeyOf(site, deployment, service);
        if (!evidence.TryGetValue(key, out var found))
        {
            evidence[key] = found = EvidencePages.Read(await store.ListAsync(Records.Evidence, $"{key}/", stop));
        }
        return found;
    }

    public async Task<IReadOnlyList<Request>> RequestsAsync(CancellationToken stop) =>
        [.. (await store.ListAsync(Records.Requests, $"{site}/", stop)).Select(Records.Read<Request>)];

    public async Task CommitAsync(Decision.Note note, CancellationToken stop)
    {
        var version = known!.Value.Version;
        var writes = new List<Write> { new(Records.Sites, site.ToString(), Records.Body(note.Record), version) };
        writes.AddRange(note.Deployments.Select(one => new Write(Records.Deployments, one.Key, Records.Body(one))));
        if (note.Handled is { } handled)
        {
            writes.Add(new Write(Records.Requests, handled.Key, null));
        }
        if (note.Evidence is { } grown)
        {
            writes.Add(EvidencePages.LastOf(site, note.Record.Active!, grown));
        }
        writes.AddRange(note.Runs.SelectMany(static one => one.Writes()));
        Forget(); // Until the commit is known to have happened, memory could be wrong.
        await store.CommitAsync(new Change(fence) { Entries = note.Entries, Writes = writes }, stop);
        known = (note.Record, version + 1);
        foreach (var deployment in note.Deployments)
        {
            deployments[deployment.Id] = deployment;
        }
        if (note.Evidence is not null)
        {
            evidence[EvidencePages.KeyOf(site, note.Record.Active!, note.Evidence.Canary.Service)] = note.Evidence;
        }
    }

    /// <summary>Forgets what nobody will judge again.</summary>
    public async Task TidyAsync(CancellationToken stop)
    {
        Write[] old = [.. EvidencePages.Old(await store.ListAsync(Records.Evidence, $"{site}/", stop))];
        if (old.Length > 0)
        {
            await store.CommitAsync(new Change(fence) { Writes = old }, stop);
        }
    }

    public Task JournalAsync(string? deployment, string kind, string text, CancellationToken stop) =>
        store.CommitAsync(new Change(fence) { Entries = [new NewEntry(site, deployment, kind, text)] }, stop);

    public void Forget()
    {
        known = null;
        deployments.Clear();
        evidence.Clear();
    }

    /// <summary>Keys sort by number.</summary>
    public static string ReleaseKey(Site site, int number) => $"{site}/{number:D8}";
}
