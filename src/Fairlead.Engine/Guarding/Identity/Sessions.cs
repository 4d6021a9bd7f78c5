using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Identity;

/// <summary>Who is signed in. A session's key is the hash of what the browser holds, so the store lets nobody in.</summary>
internal sealed class Sessions(IStore store, People people, World world)
{
    private const string Collection = "sessions";
    private const int IdLetters = 12;
    private const int AgentLettersMax = 200;

    /// <summary>Opens one; the oldest ones of somebody with very many end.</summary>
    /// <param name="text">What the journal is told.</param>
    /// <returns>What the browser shall hold.</returns>
    public async Task<string> OpenAsync(Session session, string text, CancellationToken stop)
    {
        var secret = OneTimeSecret.New();
        var all = await AllAsync(stop);
        var dead = all.Where(one => one.Person is null || !SessionLimits.IsAlive(one.Session, one.Person, world.Now));
        var tooMany = all.Where(one => one.Session.Person == session.Person)
            .OrderByDescending(one => one.Session.SeenAt)
            .Skip(SessionLimits.PerPersonMax - 1);
        await people.CommitAsync(
            text,
            [
                new Write(
                    Collection,
                    OneTimeSecret.TryHash(secret)!, // It is one.
                    Records.Body(session with { Agent = Cut(session.Agent) }),
                    0
                ),
                .. dead.Concat(tooMany)
                    .Select(one => one.Key)
                    .Distinct()
                    .Select(key => new Write(Collection, key, null)),
            ],
            stop
        );
        return secret;
    }

    /// <summary>Whose browser it is; null when its session is over or never was.</summary>
    public async Task<OpenSession?> FindAsync(string? secret, CancellationToken stop)
    {
        if (
            OneTimeSecret.TryHash(secret) is not { } key
            || await store.ReadAsync(Collection, key, stop) is not { } known
        )
        {
            return null;
        }
        var session = Records.Read<Session>(known);
        var person = await people.FindAsync(session.Person, stop);
        if (person is null || !SessionLimits.IsAlive(session, person, world.Now))
        {
            return null;
        }
        if (world.Now - session.SeenAt >= SessionLimits.SeenEvery)
        {
            session = session with { SeenAt = world.Now };
            try
            {
                await people.CommitAsync(
                    text: null,
                    [new Write(Collection, key, Records.Body(session), known.Version)],
                    stop
                );
            }
            catch (ConflictException)
            {
                // Another request noted the same, or the session ended just now: the next request finds out.
            }
        }
        return new(key, IdOf(key), session, person);
    }

    /// <summary>Notes that they proved again who they are.</summary>
    public Task ProveAsync(OpenSession open, string text, CancellationToken stop) =>
        people.CommitAsync(
            text,
            [new Write(Collection, open.Key, Records.Body(open.Session with { ProvedAt = world.Now }))],
            stop
        );

    public Task EndAsync(IEnumerable<string> keys, string text, CancellationToken stop) =>
        people.CommitAsync(text, [.. keys.Select(key => new Write(Collection, key, null))], stop);

    /// <summary>Keys of all that somebody has, good or over.</summary>
    public async Task<IReadOnlyList<string>> OfAsync(string person, CancellationToken stop) =>
        [.. (await AllAsync(stop)).Where(one => one.Session.Person == person).Select(one => one.Key)];

    /// <summary>All that are good now.</summary>
    public async Task<IReadOnlyList<OpenSession>> AliveAsync(CancellationToken stop) =>
        [
            .. (await AllAsync(stop))
                .Where(one => one.Person is not null && SessionLimits.IsAlive(one.Session, one.Person, world.Now))
                .Select(one => new OpenSession(one.Key, IdOf(one.Key), one.Session, one.Person!)), // Just looked.
        ];

    private async Task<IReadOnlyList<(string Key, Session Session, Person? Person)>> AllAsync(CancellationToken stop)
    {
        var known = (await people.AllAsync(stop)).ToDictionary(one => one.Id, StringComparer.Ordinal);
        return
        [
            .. (await store.ListAsync(Collection, "", stop)).Select(one =>
                (one.Key, Records.Read<Session>(one), known.GetValueOrDefault(Records.Read<Session>(one).Person))
            ),
        ];
    }

    private static string IdOf(string key) => key[..IdLetters];

    // A browser may call itself anything.
    private static string Cut(string agent) =>
        new([.. agent.Where(letter => !char.IsControl(letter)).Take(AgentLettersMax)]);
}

/// <summary>A session that is good, and whose it is.</summary>
/// <param name="Id">By which people speak of it.</param>
internal sealed record OpenSession(string Key, string Id, Session Session, Person Person);
