using System.Collections.Concurrent;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Secrets;

/// <summary>What the vault needs of the world.</summary>
/// <param name="Fence">Under which the server acts.</param>
/// <param name="Mask">Told every value that is known, so that all who print hide it.</param>
public sealed record VaultPorts(IStore Store, ISecretSeals Seals, Func<Fence> Fence, World World, LiveMask Mask)
{
    public IReadOnlyList<ISecretRotator> Rotators { get; init; } = [];

    public IReadOnlyList<ISecretSource> Sources { get; init; } = [];

    /// <summary>In which secrets travel; null where none do.</summary>
    public ISecretFiles? Files { get; init; }

    /// <summary>Hidden as well though they are not in the vault, such as the token of the API.</summary>
    public IReadOnlyList<string> MoreToHide { get; init; } = [];
}

/// <summary>
/// The secrets of all sites. The store has them under seal; what was opened stays in this server's memory, to be hidden wherever
/// something is printed. Every set, use and removal is in the journal, by name and version.
/// </summary>
public sealed class Vault(VaultPorts ports)
{
    /// <summary>The store's collection of secrets, each under <c>app/environment/NAME</c>.</summary>
    public const string Collection = "secrets";

    /// <summary>The store's collection of master keys, by id.</summary>
    public const string KeyCollection = "secret-keys";

    /// <summary>The kind of the journal's entries.</summary>
    public const string EntryKind = "secret";

    // Someone else may change the same secret at the same moment; so often in a row is a bug, not bad luck.
    private const int AttemptsMax = 20;
    private const int SecretsMax = 1_000;

    private readonly ConcurrentDictionary<string, Secret> opened = new(StringComparer.Ordinal);

    public VaultPorts Ports => ports;

    /// <summary>Files in which secrets travel.</summary>
    public ISecretFiles Files => ports.Files ?? throw new InvalidOperationException("Secrets do not travel here.");

    public async Task<IReadOnlyList<SecretRecord>> ListAsync(Site? site, CancellationToken stop) =>
        [
            .. (await ports.Store.ListAsync(Collection, site is null ? "" : $"{site}/", stop)).Select(
                Records.Read<SecretRecord>
            ),
        ];

    public async Task<SecretRecord?> FindAsync(Site site, string name, CancellationToken stop) =>
        await ports.Store.ReadAsync(Collection, SecretRecord.KeyOf(site, name), stop) is { } document
            ? Records.Read<SecretRecord>(document)
            : null;

    /// <exception cref="ProblemException">There is none of that name.</exception>
    public async Task<SecretRecord> GetAsync(Site site, string name, CancellationToken stop) =>
        await FindAsync(site, name, stop) ?? throw new ProblemException(SecretProblems.Unknown(site, name));

    /// <summary>Gives a secret a new version.</summary>
    /// <param name="change">Of the record itself, such as where it comes from.</param>
    public async Task<SecretRecord> AddAsync(
        (Site Site, string Name) of,
        Secret value,
        (string By, string Origin) how,
        Func<SecretRecord, SecretRecord>? change,
        CancellationToken stop
    )
    {
        // Hidden before it is kept: from here on nothing that is printed shows it.
        opened[$"{of.Site}/{of.Name}@new"] = value;
        Hide();
        for (var attempt = 1; ; attempt++)
        {
            var (record, document) = await ReadAsync(of.Site, of.Name, stop);
            if (document == 0 && (await ports.Store.ListAsync(Collection, "", stop)).Count >= SecretsMax)
            {
                throw new ProblemException(SecretProblems.Full(SecretsMax));
            }
            var key = await CurrentKeyAsync(stop);
            var number = SecretLife.NextNumber(record);
            var sealedValue = await ports.Seals.SealAsync(new(record.Named(number), value), key, stop);
            var version = new KeptVersion(number, ports.World.Now, how.By, how.Origin) { Sealed = sealedValue };
            var next = SecretLife.With((change ?? (same => same))(record), version);
            try
            {
                await CommitAsync(next, document, $"{next.Named(number).Label} was {how.Origin} by {how.By}", stop);
                opened[next.Named(number).ToString()] = value;
                Hide();
                return next;
            }
            catch (ConflictException) when (attempt < AttemptsMax)
            {
                // Another version took the number: read again.
            }
        }
    }

    /// <summary>Changes what is said of a secret, not its versions.</summary>
    public async Task<SecretRecord> ChangeAsync(
        (Site Site, string Name) of,
        Func<SecretRecord, SecretRecord> change,
        string text,
        CancellationToken stop
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var (record, document) = await ReadAsync(of.Site, of.Name, stop);
            var next = change(record);
            try
            {
                await CommitAsync(next, document, text, stop);
                return next;
            }
            catch (ConflictException) when (attempt < AttemptsMax)
            {
                // Someone else changed it: read again.
            }
        }
    }

    /// <summary>Forgets a secret with all its versions.</summary>
    public Task RemoveAsync(SecretRecord record, string by, CancellationToken stop) =>
        ports.Store.CommitAsync(
            new Change(ports.Fence())
            {
                Entries = [Entry(record.Site, $"{record.Name} was removed by {by}")],
                Writes = [new Write(Collection, record.Key, Body: null)],
            },
            stop
        );

    /// <summary>The value of a version.</summary>
    /// <exception cref="ProblemException">It is retired, or its key cannot be had.</exception>
    public async Task<Secret> OpenAsync(SecretRecord record, KeptVersion version, CancellationToken stop)
    {
        var isNews = !opened.ContainsKey(record.Named(version.Number).ToString());
        var value = await LoadAsync(record, version, stop);
        if (isNews)
        {
            Hide();
        }
        return value;
    }

    /// <summary>The values that a start is given, each in the version that was planned while that lives.</summary>
    /// <exception cref="ProblemException">One is missing.</exception>
    public async Task<IReadOnlyList<(SecretUse Use, SecretValue Value)>> ForStartAsync(
        Site site,
        IReadOnlyList<SecretUse> uses,
        CancellationToken stop
    )
    {
        var given = new List<(SecretUse Use, SecretValue Value)>();
        foreach (var use in uses)
        {
            var record = await FindAsync(site, use.Secret, stop);
            if (record is null || SecretLife.For(record, use.Version) is not { } version)
            {
                throw new ProblemException(SecretProblems.Missing(site, use.Secret, []));
            }
            var value = await OpenAsync(record, version, stop);
            given.Add((use with { Version = version.Number }, new(record.Named(version.Number), value)));
        }
        return given;
    }

    /// <summary>What a service's program finds in a variable: what the manifest says there, or a secret's newest value; null when it has neither.</summary>
    public async Task<string?> ValueOfAsync(Site site, Service service, string variable, CancellationToken stop)
    {
        if (service.Env.TryGetValue(variable, out var plain))
        {
            return plain;
        }
        var use = service.Secrets?.FirstOrDefault(one => one.Variable == variable);
        if (use is null || await FindAsync(site, use.Secret, stop) is not { } record)
        {
            return null;
        }
        return SecretLife.For(record, use.Version) is { } version
            ? (await OpenAsync(record, version, stop)).Reveal()
            : null;
    }

    /// <summary>The newest value of a secret, read where it is kept elsewhere; null when it has none.</summary>
    /// <exception cref="ProblemException">Its key cannot be had, or the place where it is kept cannot be read.</exception>
    public async Task<string?> NewestAsync(Site site, string name, CancellationToken stop)
    {
        var record = await FindAsync(site, name, stop);
        if (record is { From: not null })
        {
            record = await RefreshAsync(record, "a database's address", stop);
        }
        return record?.Newest is { } version ? (await OpenAsync(record, version, stop)).Reveal() : null;
    }

    /// <summary>Remembers that values were used, by name and version.</summary>
    public Task NoteAsync(Site site, string text, CancellationToken stop) =>
        ports.Store.CommitAsync(new Change(ports.Fence()) { Entries = [Entry(site, text)] }, stop);

    /// <summary>Uses with the version that a release made now would have.</summary>
    /// <param name="missing">Names that there is no value for.</param>
    public async Task<IReadOnlyList<SecretUse>?> PinAsync(
        Site site,
        IReadOnlyList<SecretUse>? uses,
        ICollection<string> missing,
        CancellationToken stop
    )
    {
        if (uses is null)
        {
            return null;
        }
        var pinned = new List<SecretUse>();
        foreach (var use in uses)
        {
            if ((await FindAsync(site, use.Secret, stop))?.Newest is { } newest)
            {
                pinned.Add(use with { Version = newest.Number });
            }
            else
            {
                missing.Add(use.Secret);
            }
        }
        return pinned;
    }

    /// <summary>Reads a secret that is kept elsewhere anew; it has a new version when the value there is another one.</summary>
    /// <exception cref="ProblemException">It cannot be read.</exception>
    public async Task<SecretRecord> RefreshAsync(SecretRecord record, string by, CancellationToken stop)
    {
        if (record.From is not { } from)
        {
            return record;
        }
        var value = await ReadElsewhereAsync(from, stop);
        return record.Newest is { } newest && (await OpenAsync(record, newest, stop)).SameAs(value)
            ? record
            : await AddAsync((record.Site, record.Name), value, (by, $"read from {from}"), change: null, stop);
    }

    /// <exception cref="ProblemException">There is no such source, or it cannot be read.</exception>
    public Task<Secret> ReadElsewhereAsync(string from, CancellationToken stop)
    {
        var reference = SecretReference.TryParse(from);
        var source = ports.Sources.FirstOrDefault(one => one.Kind == reference?.Kind);
        return reference is not null && source is not null
            ? source.ReadAsync(reference, stop)
            : throw new ProblemException(SecretProblems.WrongReference(from, ports.Sources.Select(one => one.Kind)));
    }

    /// <summary>Makes the next value and keeps it; both are good until the older one is retired.</summary>
    /// <exception cref="ProblemException">There is no such rotator, or it was refused.</exception>
    public async Task<SecretRecord> RotateAsync(
        SecretRecord record,
        SecretRotation rotation,
        string by,
        CancellationToken stop
    )
    {
        var rotator = RotatorOf(rotation);
        var turn = await TurnAsync(record, rotation, stop);
        var value = await rotator.NextAsync(turn, stop);
        return await AddAsync(
            (record.Site, record.Name),
            value,
            (by, "rotated"),
            same => same with { Rotation = rotation },
            stop
        );
    }

    /// <summary>Ends a version: nowhere good any more, then gone.</summary>
    /// <exception cref="ProblemException">Its rotator was refused; it is tried again.</exception>
    public async Task RetireAsync(SecretRecord record, KeptVersion version, CancellationToken stop)
    {
        if (record.Rotation is { } rotation)
        {
            var old = await OpenAsync(record, version, stop);
            await RotatorOf(rotation).RetireAsync(await TurnAsync(record, rotation, stop), old, stop);
        }
        await ChangeAsync(
            (record.Site, record.Name),
            same => SecretLife.Retired(same, version.Number, ports.World.Now),
            $"{record.Named(version.Number).Label} was retired: nothing is started with it any more",
            stop
        );
    }

    /// <summary>The master key that seals now; made at the first need.</summary>
    public async Task<MasterKey> CurrentKeyAsync(CancellationToken stop)
    {
        var keys = await KeysAsync(stop);
        if (keys.FirstOrDefault(one => one.IsCurrent) is { } current)
        {
            return current.Key;
        }
        var made = await ports.Seals.MakeKeyAsync("file", new Dictionary<string, string>(), stop);
        await CommitKeysAsync([new(made, IsCurrent: true)], $"master key {made.Id} ({made.Kind}) was made", stop);
        return made;
    }

    public async Task<IReadOnlyList<KeptKey>> KeysAsync(CancellationToken stop) =>
        [.. (await ports.Store.ListAsync(KeyCollection, "", stop)).Select(Records.Read<KeptKey>)];

    /// <summary>Seals with another master key from now on. What is under older ones is wrapped anew by <see cref="RewrapAsync(CancellationToken)"/>.</summary>
    public async Task<MasterKey> RekeyAsync(
        string kind,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken stop
    )
    {
        var made = await ports.Seals.MakeKeyAsync(kind, settings, stop);
        var others = (await KeysAsync(stop))
            .Where(one => one.Key.Id != made.Id)
            .Select(one => one with { IsCurrent = false });
        await CommitKeysAsync(
            [.. others, new(made, IsCurrent: true)],
            $"master key {made.Id} ({made.Kind}) seals from now on",
            stop
        );
        return made;
    }

    /// <summary>
    /// Wraps the keys of all values that are under an older master key, secret by secret, and then ends the older ones. Whatever
    /// kills it, each secret is under one key or the other and both are there; the next call goes on.
    /// </summary>
    /// <returns>How many versions were wrapped anew.</returns>
    public async Task<int> RewrapAsync(CancellationToken stop)
    {
        var keys = await KeysAsync(stop);
        if (keys is not { Count: > 1 } || keys.FirstOrDefault(one => one.IsCurrent)?.Key is not { } current)
        {
            return 0;
        }
        var count = 0;
        foreach (var record in await ListAsync(site: null, stop))
        {
            count += await RewrapAsync(record, current, stop);
        }
        var used = (await ListAsync(site: null, stop))
            .SelectMany(record => record.Versions)
            .Select(version => version.Sealed?.KeyId)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (key, _) in keys.Where(one => !one.IsCurrent && !used.Contains(one.Key.Id)))
        {
            // The note of it goes last: one that is noted and gone is found gone by the next call.
            await ports.Seals.ForgetKeyAsync(key, stop);
            await ports.Store.CommitAsync(
                new Change(ports.Fence())
                {
                    Entries = [Entry(Own, $"master key {key.Id} ({key.Kind}) was ended: it wraps nothing any more")],
                    Writes = [new Write(KeyCollection, key.Id, Body: null)],
                },
                stop
            );
        }
        return count;
    }

    /// <summary>Opens everything that is live, so that it is hidden wherever it is printed.</summary>
    /// <exception cref="ProblemException">A key cannot be had; what could be opened is hidden all the same.</exception>
    public async Task HideAllAsync(CancellationToken stop)
    {
        try
        {
            foreach (var record in await ListAsync(site: null, stop))
            {
                foreach (var version in record.Versions.Where(one => one.IsLive))
                {
                    await LoadAsync(record, version, stop);
                }
            }
        }
        finally
        {
            Hide();
        }
    }

    // What is not of one site stands in the journal under a name that no manifest can have.
    private static Site Own { get; } = new("fairlead", "secrets");

    private async Task<Secret> LoadAsync(SecretRecord record, KeptVersion version, CancellationToken stop)
    {
        var named = record.Named(version.Number);
        if (opened.TryGetValue(named.ToString(), out var known))
        {
            return known;
        }
        if (version.Sealed is not { } sealedValue)
        {
            throw new ProblemException(SecretProblems.Retired(named));
        }
        var key = await KeyAsync(sealedValue.KeyId, stop);
        return opened[named.ToString()] = await ports.Seals.OpenAsync(sealedValue, named, key, stop);
    }

    private async Task<int> RewrapAsync(SecretRecord record, MasterKey current, CancellationToken stop)
    {
        var older = record.Versions.Where(one => one.Sealed is { } box && box.KeyId != current.Id).ToList();
        if (older.Count == 0)
        {
            return 0;
        }
        var wrapped = new Dictionary<string, SealedSecret>(StringComparer.Ordinal);
        foreach (var version in older)
        {
            var box = version.Sealed!; // Only those that have one were chosen.
            var from = await KeyAsync(box.KeyId, stop);
            wrapped[box.DataKey] = await ports.Seals.RewrapAsync(
                (box, record.Named(version.Number)),
                from,
                current,
                stop
            );
        }
        await ChangeAsync(
            (record.Site, record.Name),
            same =>
                same with
                {
                    Versions =
                    [
                        .. same.Versions.Select(one =>
                            one.Sealed is { } box && wrapped.TryGetValue(box.DataKey, out var next)
                                ? one with
                                {
                                    Sealed = next,
                                }
                                : one
                        ),
                    ],
                },
            $"{record.Name}: {older.Count} versions are under master key {current.Id} now",
            stop
        );
        return older.Count;
    }

    private void Hide()
    {
        lock (opened)
        {
            ports.Mask.Now = SecretMask.Of(opened.Values, ports.MoreToHide);
        }
    }

    private async Task<MasterKey> KeyAsync(string id, CancellationToken stop) =>
        await ports.Store.ReadAsync(KeyCollection, id, stop) is { } document
            ? Records.Read<KeptKey>(document).Key
            : throw new ProblemException(SecretProblems.NoKey(id));

    private ISecretRotator RotatorOf(SecretRotation rotation) =>
        ports.Rotators.FirstOrDefault(one => one.Kind == rotation.With)
        ?? throw new ProblemException(SecretProblems.NoRotator(rotation.With, ports.Rotators.Select(one => one.Kind)));

    private async Task<SecretTurn> TurnAsync(SecretRecord record, SecretRotation rotation, CancellationToken stop)
    {
        var newest = record.Newest is { } version ? await OpenAsync(record, version, stop) : null;
        if (rotation.Settings.GetValueOrDefault("admin") is not { } name)
        {
            return new(rotation.Settings, newest);
        }
        var admin = await GetAsync(record.Site, name, stop);
        return new(rotation.Settings, newest)
        {
            Admin = admin.Newest is { } key ? await OpenAsync(admin, key, stop) : null,
        };
    }

    private async Task<(SecretRecord Record, int Version)> ReadAsync(Site site, string name, CancellationToken stop) =>
        await ports.Store.ReadAsync(Collection, SecretRecord.KeyOf(site, name), stop) is { } document
            ? (Records.Read<SecretRecord>(document), document.Version)
            : (new SecretRecord(site, name), 0);

    private Task<IReadOnlyList<JournalEntry>> CommitAsync(
        SecretRecord record,
        int expected,
        string text,
        CancellationToken stop
    ) =>
        ports.Store.CommitAsync(
            new Change(ports.Fence())
            {
                Entries = [Entry(record.Site, text)],
                Writes = [new Write(Collection, record.Key, Records.Body(record), expected)],
            },
            stop
        );

    private Task<IReadOnlyList<JournalEntry>> CommitKeysAsync(
        IReadOnlyList<KeptKey> keys,
        string text,
        CancellationToken stop
    ) =>
        ports.Store.CommitAsync(
            new Change(ports.Fence())
            {
                Entries = [Entry(Own, text)],
                Writes = [.. keys.Select(one => new Write(KeyCollection, one.Key.Id, Records.Body(one)))],
            },
            stop
        );

    private static NewEntry Entry(Site site, string text) => new(site, Deployment: null, EntryKind, text);
}

/// <summary>A master key as the store has it: where it is, never the key itself.</summary>
/// <param name="IsCurrent">It seals what is new; others only open what is not wrapped anew yet.</param>
public sealed record KeptKey(MasterKey Key, bool IsCurrent);
