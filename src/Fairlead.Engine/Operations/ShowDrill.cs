using System.ComponentModel;
using System.Globalization;
using System.Text;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Incidents;

namespace Fairlead.Engine.Operations;

/// <summary>What a drill did and what came of it.</summary>
public static class ShowDrill
{
    public sealed record Input
    {
        [Description("The drill's number, as 'fairlead drill list' shows it.")]
        [Positional]
        public required int Drill { get; init; }
    }

    /// <param name="State">running, passed or failed.</param>
    /// <param name="Failed">Requests of its visitor that failed from the fault to the end; null while that is not known.</param>
    /// <param name="Sent">Requests that it sent in that time.</param>
    /// <param name="Why">What was not as it should be; null when all was.</param>
    /// <param name="Text">The record in Markdown.</param>
    public sealed record View(
        int Drill,
        string Kind,
        string State,
        DateTimeOffset StartedAt,
        DateTimeOffset? EndedAt,
        IReadOnlyList<Moment> Moments,
        long? Failed,
        long? Sent,
        string? Why,
        string Text
    );

    /// <param name="AfterFault">Seconds since the fault was made; null before.</param>
    public sealed record Moment(DateTimeOffset At, double? AfterFault, string Step, string Seen);

    public static Operation Operation { get; } =
        new Operation<Input, View>(
            "drill.show",
            "Show what a drill did, what was noticed when, who was told, and what recovered.",
            Effect.Reads,
            static async (input, engine, stop) =>
                Of(await engine.Server.Response.Drills.Book.FindAsync(input.Drill, stop))
        )
        {
            Examples = ["fairlead drill show 3"],
            Needs = Need.OfAll(Permission.See),
        };

    internal static View Of(Drill drill)
    {
        var moments = drill
            .Moments.Select(one => new Moment(
                one.At,
                one.At >= drill.FaultAt ? Math.Round((one.At - drill.FaultAt.Value).TotalSeconds, 2) : null,
                one.Step,
                one.Text
            ))
            .ToList();
        return new(
            drill.Number,
            drill.Kind,
            StateOf(drill),
            drill.StartedAt,
            drill.EndedAt,
            moments,
            drill.After?.Failed - drill.Before?.Failed,
            drill.After?.Sent - drill.Before?.Sent,
            drill.Why,
            TextOf(drill, moments)
        );
    }

    internal static string StateOf(Drill drill) => drill.State.ToString().ToLowerInvariant();

    private static string TextOf(Drill drill, IReadOnlyList<Moment> moments)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Drill {drill.Number}: {drill.Kind}\n\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Sentence(drill)}\n\n| After the fault | Step | Seen |\n| ---: | --- | --- |\n"
        );
        foreach (var one in moments)
        {
            var after = one.AfterFault is { } seconds
                ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s")
                : "";
            text.Append(CultureInfo.InvariantCulture, $"| {after} | {one.Step} | {Cell(one.Seen)} |\n");
        }
        if (drill is { Before: { } before, After: { } later })
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\nOf {later.Sent - before.Sent} requests of a visitor {later.Failed - before.Failed} failed.\n"
            );
        }
        return text.ToString();
    }

    private static string Sentence(Drill drill) =>
        drill.State switch
        {
            DrillState.Running => "It runs.",
            DrillState.Passed => "All was noticed, told and mended as it should be.",
            _ => $"It failed. {drill.Why}",
        };

    private static string Cell(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
