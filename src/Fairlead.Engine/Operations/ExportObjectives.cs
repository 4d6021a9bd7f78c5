using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Objectives;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Goals of what is live, for other programs.</summary>
public static class ExportObjectives
{
    public sealed record Input
    {
        [Description("Only this app's.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Only this environment's.")]
        public string? Environment { get; init; }

        [Description("As what; openslo is all there is.")]
        public ObjectiveFormat Format { get; init; }
    }

    /// <param name="Text">Objects of OpenSLO v1.</param>
    /// <param name="Notes">What it cannot say.</param>
    public sealed record Output(string Text, IReadOnlyList<ObjectiveNote> Notes);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("slo.export", "Print goals of what is live as OpenSLO.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead slo export shop > shop.openslo.yaml"],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var goals = new List<(Site Site, Slo Slo)>();
        foreach (var record in await Sites.AllAsync(engine.Server, stop))
        {
            if (
                record.Live is not { } live
                || (input.App is { } app && record.Site.App != app)
                || (input.Environment is { } place && record.Site.Environment != place)
                || await engine.Server.Store.ReadAsync(Records.Releases, Memory.ReleaseKey(record.Site, live), stop)
                    is not { } document
                || Records.Read<Release>(document).Watch?.Slo is not { } slo
            )
            {
                continue;
            }
            goals.Add((record.Site, slo));
        }
        return new(
            OpenSloWriter.Write(goals),
            goals.Count == 0
                ? [new("goals", "There are none.", "Nothing that is live has a goal.")]
                :
                [
                    new(
                        "conditions",
                        "They have one window.",
                        "That alerts stop as soon as it burns no more has no word in OpenSLO."
                    ),
                    .. goals
                        .Where(static one => one.Slo.Freezes)
                        .Select(static one => new ObjectiveNote(
                            $"{one.Site}",
                            "'freeze' was left out.",
                            "It has no word in OpenSLO."
                        )),
                ]
        );
    }
}

/// <summary>How goals are written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ObjectiveFormat>))]
public enum ObjectiveFormat
{
    [JsonStringEnumMemberName("openslo")]
    OpenSlo,
}
