using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.States;

/// <summary>
/// Keeps Terraform's state for teams that run it themselves, as its backend "http" wants it: under seal, with those before, and with
/// locks that end by themselves when nobody has been heard of for long. Source: Terraform 1.11, backend http.
/// </summary>
/// <param name="open">The seal, which each server that may be in charge must have.</param>
public sealed class StateDesk(IStore store, Func<Fence> fence, Func<CancellationToken, Task<ISeal>> open, World world)
{
    public const string States = "terraform-states";
    public const string Older = "terraform-states-older";
    public const string Locks = "terraform-locks";

    /// <summary>The largest state that is kept.</summary>
    public const int BytesMax = 16 << 20;

    private const int OlderMax = 20;
    private const int InfoLettersMax = 4_000;
    private const int AttemptsMax = 10;

    /// <summary>How long a lock holds after its holder was heard of last.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromHours(2);

    /// <summary>The state; null when there is none.</summary>
    /// <exception cref="ProblemException">It was sealed with another key, or damaged.</exception>
    public async Task<string?> ReadAsync(Site site, CancellationToken stop) =>
        await store.ReadAsync(States, $"{site}", stop) is { } document
            ? Open(await open(stop), site, Records.Read<Kept>(document))
            : null;

    /// <exception cref="ProblemException">Another one holds the lock, or it is no state.</exception>
    public async Task WriteAsync((Site Site, string? LockId) which, string text, string by, CancellationToken stop)
    {
        var site = which.Site;
        Check(site, text);
        var seal = await open(stop);
        var (held, lockDocument) = await HeldAsync(site, stop);
        if (held is not null && held.Id != which.LockId)
        {
            throw new ProblemException(StateProblems.Locked(site, held));
        }
        for (var attempt = 1; ; attempt++)
        {
            var document = await store.ReadAsync(States, $"{site}", stop);
            var before = document is null ? null : Records.Read<Kept>(document);
            var kept = new Kept((before?.Number ?? 0) + 1, world.Now, by, seal.Seal(text, Purpose(site)));
            List<Write> writes = [new(States, $"{site}", Records.Body(kept), document?.Version ?? 0)];
            if (before is not null)
            {
                writes.Add(new(Older, KeyOf(site, before.Number), Records.Body(before)));
                writes.Add(new(Older, KeyOf(site, before.Number - OlderMax), Body: null));
            }
            if (held is not null)
            {
                // Whoever writes is alive.
                writes.Add(new(Locks, $"{site}", Records.Body(held with { HeardOf = world.Now }), lockDocument));
            }
            try
            {
                await CommitAsync(site, $"state {kept.Number} of Terraform was written by {by}", writes, stop);
                return;
            }
            catch (ConflictException) when (attempt < AttemptsMax)
            {
                // Written at the same moment; what is held may be another's by now.
                (held, lockDocument) = await HeldAsync(site, stop);
                if (held is not null && held.Id != which.LockId)
                {
                    throw new ProblemException(StateProblems.Locked(site, held));
                }
            }
        }
    }

    public async Task DeleteAsync((Site Site, string? LockId) which, string by, CancellationToken stop)
    {
        var (held, _) = await HeldAsync(which.Site, stop);
        if (held is not null && held.Id != which.LockId)
        {
            throw new ProblemException(StateProblems.Locked(which.Site, held));
        }
        if (await store.ReadAsync(States, $"{which.Site}", stop) is not { } document)
        {
            return;
        }
        // What it was stays among the older ones: nobody loses the knowledge of what he owns by one word.
        var kept = Records.Read<Kept>(document);
        await CommitAsync(
            which.Site,
            $"Terraform's state was removed by {by}; state {kept.Number} is kept among the older ones",
            [
                new(Older, KeyOf(which.Site, kept.Number), Records.Body(kept)),
                new(States, $"{which.Site}", Body: null, document.Version),
            ],
            stop
        );
    }

    /// <summary>Takes the lock.</summary>
    /// <param name="info">What Terraform says of it, in JSON.</param>
    /// <returns>Null when it was taken; else what the holder said, in JSON.</returns>
    public async Task<string?> LockAsync(Site site, string info, string by, CancellationToken stop)
    {
        var id = IdOf(info) ?? throw new ProblemException(StateProblems.NoLock(site));
        for (var attempt = 1; ; attempt++)
        {
            var document = await store.ReadAsync(Locks, $"{site}", stop);
            var held = document is null ? null : Records.Read<HeldLock>(document);
            if (held is not null && IsAlive(held) && held.Id != id)
            {
                return held.Said;
            }
            var mine = new HeldLock(id, info, by, world.Now, world.Now);
            try
            {
                await CommitAsync(
                    site,
                    held is null || held.Id == id
                        ? $"Terraform's state was locked by {by}"
                        : $"Terraform's state was locked by {by}, since {held.By} was not heard of for {Lease.TotalHours:0} h",
                    [new(Locks, $"{site}", Records.Body(mine), document?.Version ?? 0)],
                    stop
                );
                return null;
            }
            catch (ConflictException) when (attempt < AttemptsMax)
            {
                // Another one was quicker: see who.
            }
        }
    }

    /// <summary>Gives the lock back, or takes it from whoever holds it.</summary>
    /// <param name="info">What Terraform says of it; empty for <c>terraform force-unlock</c>, which takes it from anybody.</param>
    /// <exception cref="ProblemException">Another one holds it.</exception>
    public async Task UnlockAsync(Site site, string info, string by, CancellationToken stop)
    {
        if (await store.ReadAsync(Locks, $"{site}", stop) is not { } document)
        {
            return;
        }
        var held = Records.Read<HeldLock>(document);
        if (info.Length > 0 && IdOf(info) != held.Id)
        {
            throw new ProblemException(StateProblems.Locked(site, held));
        }
        await CommitAsync(
            site,
            info.Length > 0
                ? $"Terraform's state was unlocked by {by}"
                : $"Terraform's state, which {held.By} had locked, was unlocked by force by {by}",
            [new(Locks, $"{site}", Body: null, document.Version)],
            stop
        );
    }

    private async Task<(HeldLock? Held, int Version)> HeldAsync(Site site, CancellationToken stop) =>
        await store.ReadAsync(Locks, $"{site}", stop) is { } document
        && Records.Read<HeldLock>(document) is var held
        && IsAlive(held)
            ? (held, document.Version)
            : (null, 0);

    private bool IsAlive(HeldLock held) => world.Now - held.HeardOf < Lease;

    private static string Open(ISeal seal, Site site, Kept kept) =>
        seal.Open(kept.Sealed, Purpose(site)) ?? throw new ProblemException(StateProblems.Damaged(site, kept.Number));

    private static void Check(Site site, string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > BytesMax)
        {
            throw new ProblemException(StateProblems.TooLarge(site));
        }
        try
        {
            if (
                JsonNode.Parse(text) is JsonObject state
                && state["version"] is JsonValue
                && state["serial"] is JsonValue
            )
            {
                return;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new ProblemException(StateProblems.NoState(site));
    }

    private static string? IdOf(string info)
    {
        if (info.Length > InfoLettersMax)
        {
            return null;
        }
        try
        {
            return
                JsonNode.Parse(info) is JsonObject said
                && said["ID"] is JsonValue id
                && id.TryGetValue<string>(out var text)
                ? text
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether a body is what its sender says it is.</summary>
    /// <param name="md5">As the header Content-MD5 says it.</param>
    public static bool IsWhole(string text, string md5)
    {
#pragma warning disable CA5351 // What Terraform sends; it shows damage on the way, and protects from nobody.
        return Convert.ToBase64String(MD5.HashData(Encoding.UTF8.GetBytes(text))) == md5;
#pragma warning restore CA5351
    }

    private static string Purpose(Site site) => $"terraform-state:{site}";

    private static string KeyOf(Site site, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{site}/{number:d8}");

    private async Task CommitAsync(Site site, string text, IReadOnlyList<Write> writes, CancellationToken stop) =>
        await store.CommitAsync(
            new Change(fence())
            {
                Entries = [new NewEntry(site, null, InfrastructureDesk.EntryKind, text)],
                Writes = writes,
            },
            stop
        );

    /// <param name="Number">1 for the first; one more each time.</param>
    private sealed record Kept(int Number, DateTimeOffset At, string By, string Sealed);
}

/// <summary>A lock on a state.</summary>
/// <param name="Said">What Terraform said of it, in JSON.</param>
/// <param name="HeardOf">When its holder wrote last.</param>
internal sealed record HeldLock(string Id, string Said, string By, DateTimeOffset Since, DateTimeOffset HeardOf);

/// <summary>What can be wrong with a state that is kept for others.</summary>
internal static class StateProblems
{
    public static Problem Locked(Site site, HeldLock held) =>
        new(
            "state.locked",
            What: $"The state of {site} is locked.",
            Why: $"{held.By} works on it since {held.Since:yyyy-MM-dd HH:mm} UTC.",
            Fix: $"Wait; or, if nobody does any more: terraform force-unlock {held.Id}"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem NoLock(Site site) =>
        Wrong(
            "state.no-lock",
            $"The state of {site} was not locked.",
            "The request does not say which lock it is.",
            "Send what Terraform sends: a JSON object with its ID."
        );

    public static Problem NoState(Site site) =>
        Wrong(
            "state.no-state",
            $"What was sent is no state of {site}.",
            "A state is a JSON object with 'version' and 'serial'.",
            "Let Terraform send it: backend \"http\""
        );

    public static Problem TooLarge(Site site) =>
        Wrong(
            "state.too-large",
            $"The state of {site} is too large.",
            $"At most {StateDesk.BytesMax >> 20} MiB are kept.",
            "Part what it describes into several, each with a state of its own."
        );

    public static Problem Damaged(Site site, int number) =>
        new(
            "state.damaged",
            What: $"State {number} of {site} cannot be opened.",
            Why: "It was sealed with another key, or somebody changed it.",
            Fix: "Bring the store back from its backup, and 'keys' of the state folder with it."
        );

    private static Problem Wrong(string code, string what, string why, string fix) =>
        new(code, what, why, fix) { Trouble = Trouble.WrongUse };
}
