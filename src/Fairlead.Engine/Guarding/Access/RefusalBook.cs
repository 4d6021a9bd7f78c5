using System.Text.Json.Nodes;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Access;

/// <summary>
/// Writes refusals into the journal: the first of each caller in each minute at once, the others of that minute as a number with the
/// next one, so that whoever is refused ten thousand times a second fills no disk. Of an agent each is written, up to a number in each
/// minute: what it was told to try is worth reading.
/// </summary>
public sealed class RefusalBook(IStore store, Func<Fence> fence, World world)
{
    private const int CallersMax = 1_000;
    private const int OfAgentMax = 60;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (DateTimeOffset Since, int Untold, int Told)> callers = [];

    /// <summary>How many were refused, those that were only counted among them.</summary>
    public long Count { get; private set; }

    /// <param name="what">Such as <c>promote shop/production</c>.</param>
    public async Task NoteAsync(Principal? caller, string what, Problem problem, CancellationToken stop)
    {
        var name = caller?.ToString() ?? "somebody unknown";
        if (Untold(caller) is not { } before)
        {
            return;
        }
        var more = before == 0 ? "" : $", and {before} more before";
        await store.CommitAsync(
            new Change(fence())
            {
                Entries =
                [
                    new NewEntry(
                        AccessBook.Platform,
                        Deployment: null,
                        "refused",
                        $"{name}: {what}{more}: {problem.Why}",
                        new JsonObject
                        {
                            ["by"] = caller?.Written(),
                            ["code"] = problem.Code,
                            ["before"] = before,
                        }
                    ),
                ],
            },
            stop
        );
    }

    /// <summary>How many refusals of a caller are not written yet, when this one is to be; null when it is only counted.</summary>
    private int? Untold(Principal? principal)
    {
        var caller = principal is null ? "" : $"{principal.Kind}:{principal.Id}";
        var most = principal?.Kind is PrincipalKind.Agent ? OfAgentMax : 1;
        lock (gate)
        {
            Count++;
            var now = world.Now;
            // One that fits nowhere any more is counted with all others of its kind.
            var key = callers.ContainsKey(caller) || callers.Count < CallersMax ? caller : "*";
            if (callers.TryGetValue(key, out var known) && now - known.Since < Minute)
            {
                var isTold = known.Told < most;
                callers[key] = isTold ? known with { Told = known.Told + 1 } : known with { Untold = known.Untold + 1 };
                return isTold ? 0 : null;
            }
            foreach (var old in callers.Where(one => one.Value.Untold == 0 && now - one.Value.Since >= Minute).ToList())
            {
                callers.Remove(old.Key);
            }
            callers[key] = (now, 0, 1);
            return known.Untold;
        }
    }
}

/// <summary>Callers in the journal.</summary>
public static class WrittenPrincipals
{
    extension(Principal caller)
    {
        /// <summary>For the body of an entry.</summary>
        public JsonObject Written() =>
            new()
            {
                ["kind"] = caller.Kind.ToString().ToLowerInvariant(),
                ["id"] = caller.Id,
                ["name"] = caller.Name,
                ["for"] = caller.Behind?.Answerable.ToString(),
            };
    }
}
