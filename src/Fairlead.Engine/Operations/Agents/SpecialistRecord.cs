using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Fairlead.Model.Agents;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>What became of a phase.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PhaseResult>))]
public enum PhaseResult
{
    /// <summary>It is as it should be.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>A person has to do something first.</summary>
    [JsonStringEnumMemberName("asks")]
    Asks,

    /// <summary>It is not as it should be.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>There was nothing to do, or it could not be looked at; the lines say which.</summary>
    [JsonStringEnumMemberName("nothing")]
    Nothing,
}

/// <summary>One phase of a deployment or of an incident, with what was seen.</summary>
/// <param name="Stage">before, deployment, after or incident.</param>
/// <param name="Found">What was found and done, a line each.</param>
/// <param name="Evidence">What it was found by: operations and ids.</param>
/// <param name="Ask">What a person has to do; null when nobody has to do anything.</param>
public sealed record SpecialistPhase(
    string Stage,
    string Phase,
    PhaseResult Result,
    IReadOnlyList<string> Found,
    IReadOnlyList<string> Evidence,
    string? Ask
);

/// <summary>A written record of a walk through all phases.</summary>
public sealed record SpecialistRecord(
    string App,
    string Environment,
    DateTimeOffset Began,
    DateTimeOffset Ended,
    IReadOnlyList<SpecialistPhase> Phases
)
{
    /// <summary>The same for people.</summary>
    public string Markdown()
    {
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"# {App} in {Environment}\n\n")
            .Append(CultureInfo.InvariantCulture, $"From {Began:u} to {Ended:u}.\n");
        var asks = Phases.Where(static one => one.Ask is not null).ToList();
        if (asks.Count > 0)
        {
            text.Append("\n## What a person has to do\n\n");
            foreach (var one in asks)
            {
                text.Append(CultureInfo.InvariantCulture, $"- {one.Phase}: {Line(one.Ask!)}\n"); // Looked at above.
            }
        }
        foreach (var stage in Phases.GroupBy(static one => one.Stage))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {stage.Key}\n");
            foreach (var one in stage)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"\n### {one.Phase}: {one.Result.ToString().ToLowerInvariant()}\n\n"
                );
                foreach (var found in one.Found)
                {
                    text.Append(CultureInfo.InvariantCulture, $"- {Line(found)}\n");
                }
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"\nEvidence: {string.Join(", ", one.Evidence.Select(Line))}\n"
                );
            }
        }
        return text.ToString();
    }

    // Lines may hold what strangers wrote: it stays on its line, and starts no heading and no link.
    private static string Line(string text) =>
        PlainText
            .Of(text, 400)
            .Replace('\n', ' ')
            .Replace("[", "\\[", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("`", "'", StringComparison.Ordinal);
}
