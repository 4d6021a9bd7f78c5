using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Responding.Drills;

/// <summary>Drills in the store; the oldest are forgotten.</summary>
public sealed class DrillBook(IStore store, Func<Fence> fence)
{
    private const string Counter = "drills";
    private const int Kept = 200;

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<Drill>> AllAsync(CancellationToken stop) =>
        [
            .. (await store.ListAsync(Drill.Collection, "", stop))
                .Select(Records.Read<Drill>)
                .OrderByDescending(static one => one.Number),
        ];

    /// <exception cref="ProblemException">There is none of this number.</exception>
    public async Task<Drill> FindAsync(int number, CancellationToken stop) =>
        await store.ReadAsync(Drill.Collection, KeyOf(number), stop) is { } document
            ? Records.Read<Drill>(document)
            : throw new ProblemException(
                new Problem(
                    "drill.unknown",
                    What: $"There is no drill {number}.",
                    Why: "Nothing with this number was run, or it is forgotten.",
                    Fix: "See what there is: fairlead drill list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );

    /// <summary>Begins one.</summary>
    /// <exception cref="ProblemException">Another runs.</exception>
    public async Task<Drill> BeginAsync(string kind, string by, DateTimeOffset now, CancellationToken stop)
    {
        var all = await AllAsync(stop);
        if (all.FirstOrDefault(static one => !one.IsOver) is { } running)
        {
            throw new ProblemException(
                new Problem(
                    "drill.running",
                    What: $"Drill {running.Number}, {running.Kind}, is not over.",
                    Why: "Two faults at once would show nothing of either.",
                    Fix: $"Wait for it: fairlead drill show {running.Number}"
                )
                {
                    Trouble = Trouble.Conflict,
                }
            );
        }
        var counter = await store.ReadAsync(Records.Counters, Counter, stop);
        var number = (counter is null ? 0 : Records.Read<int>(counter)) + 1;
        var drill = new Drill
        {
            Number = number,
            Kind = kind,
            By = by,
            StartedAt = now,
            StepAt = now,
        };
        await CommitAsync(
            $"Drill {number}, {kind}, begins, by {by}",
            [
                new Write(Records.Counters, Counter, JsonValue.Create(number), counter?.Version ?? 0),
                new Write(Drill.Collection, KeyOf(number), Records.Tree(drill), Expected: 0),
                .. all.Skip(Kept - 1).Select(static one => new Write(Drill.Collection, KeyOf(one.Number), Body: null)),
            ],
            stop
        );
        return drill;
    }

    /// <summary>Writes down how far it is.</summary>
    /// <param name="text">For the journal.</param>
    public Task KeepAsync(Drill drill, string text, CancellationToken stop) =>
        CommitAsync(
            $"Drill {drill.Number}, {drill.Kind}: {text}",
            [new Write(Drill.Collection, KeyOf(drill.Number), Records.Tree(drill))],
            stop
        );

    private static string KeyOf(int number) => number.ToString("d6", CultureInfo.InvariantCulture);

    private Task<IReadOnlyList<JournalEntry>> CommitAsync(
        string text,
        IReadOnlyList<Write> writes,
        CancellationToken stop
    ) =>
        store.CommitAsync(
            new Change(fence())
            {
                Entries = [new NewEntry(AccessBook.Platform, Deployment: null, "drill", text)],
                Writes = writes,
            },
            stop
        );
}
