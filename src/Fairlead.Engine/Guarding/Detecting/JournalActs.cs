using Fairlead.Engine.Guarding.Identity;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Detecting;

/// <summary>Reads the journal for what an attacker does once he has a key, or while he looks for one.</summary>
public sealed class JournalActs(IStore store, World world) : IDetector
{
    private const int PageMax = 1_000;
    private const int RefusalsMin = 20;
    private const int SignInsMin = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Queue<(DateTimeOffset At, string Who, long Count, string Line)> refusals = new();
    private long? read;

    public string Name => "journal";

    public TimeSpan Every { get; } = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken stop)
    {
        List<Finding> found = [];
        var after = read ?? 0;
        while (await store.ReadJournalAsync(after, filter: null, PageMax, stop) is { Count: > 0 } page)
        {
            // What is older than the window was looked at by the server before this one, or in its time.
            found.AddRange(page.Where(entry => world.Now - entry.At < Window).SelectMany(Of));
            after = page[^1].Sequence;
        }
        read = after;
        while (refusals.TryPeek(out var oldest) && world.Now - oldest.At >= Window)
        {
            refusals.Dequeue();
        }
        found.AddRange(refusals.GroupBy(one => one.Who).Select(Abuse).OfType<Finding>());
        return found;
    }

    private IEnumerable<Finding> Of(JournalEntry entry)
    {
        var line = $"{entry.At:u} #{entry.Sequence} {entry.Text}";
        switch (entry.Kind)
        {
            case "refused":
                var by = entry.Body?["by"];
                var who = $"{by?["kind"]?.GetValue<string>()} {by?["name"]?.GetValue<string>()}".Trim();
                var before = entry.Body?["before"]?.GetValue<int>() ?? 0;
                refusals.Enqueue((entry.At, who.Length == 0 ? "somebody unknown" : who, 1 + before, line));
                break;
            case "identity" when entry.Site == People.Site && RefusedFrom(entry) is { } address:
                refusals.Enqueue((entry.At, $"sign-ins from {address}", CountOf(entry), line));
                break;
            case "break-glass":
                yield return FindingBook.New(
                    "break-glass",
                    entry.Site.ToString(),
                    Gravity.High,
                    $"approvals and freezes of {entry.Site} were set aside",
                    "Ask who did it whether it had to be, then close this: fairlead finding close ID --reason ..."
                ) with
                {
                    Evidence = [line],
                };
                break;
            case "access" when entry.Text.Contains("after a silence", StringComparison.Ordinal):
                yield return FindingBook.New(
                    "token-awake",
                    entry.Body?["token"]?.GetValue<string>() ?? entry.Text,
                    Gravity.Medium,
                    "a token was used that nobody had used for a month",
                    "Ask whose it is; if nobody knows: fairlead token revoke ID"
                ) with
                {
                    Evidence = [line],
                };
                break;
        }
    }

    private static string? RefusedFrom(JournalEntry entry) => entry.Body?["refused"]?.GetValue<string>();

    private static long CountOf(JournalEntry entry) => entry.Body?["count"]?.GetValue<long>() ?? 1;

    private static Finding? Abuse(IGrouping<string, (DateTimeOffset At, string Who, long Count, string Line)> group)
    {
        var isSignIn = group.Key.StartsWith("sign-ins", StringComparison.Ordinal);
        var count = group.Sum(one => one.Count);
        return count < (isSignIn ? SignInsMin : RefusalsMin)
            ? null
            : FindingBook.New(
                isSignIn ? "sign-in-abuse" : "refusals",
                group.Key,
                isSignIn ? Gravity.Medium : Gravity.High,
                isSignIn
                    ? $"{count} {group.Key} were refused within ten minutes"
                    : $"{group.Key} was refused {count} times within ten minutes",
                isSignIn
                    ? "Guessing is slowed by itself. If it goes on, keep the address out: fairlead block add ADDRESS --for 24h"
                    : "Look what it tries; if that is no mistake of a program, end its token: fairlead token revoke ID"
            ) with
            {
                Evidence = [.. group.Select(one => one.Line)],
            };
    }
}
