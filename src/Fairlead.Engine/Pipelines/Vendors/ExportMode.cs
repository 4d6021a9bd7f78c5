using System.Text.Json.Serialization;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>How a pipeline is written for another system.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ExportMode>))]
public enum ExportMode
{
    /// <summary>Each job becomes one of the other system, which then needs Fairlead no more.</summary>
    [JsonStringEnumMemberName("native")]
    Native,

    /// <summary>One job that calls Fairlead, which does the rest as it does everywhere.</summary>
    [JsonStringEnumMemberName("thin")]
    Thin,
}

/// <summary>A pipeline as the file of another system.</summary>
/// <param name="Text">The other system's file.</param>
/// <param name="Notes">What it cannot say, and what must be set there.</param>
public sealed record ExportedPipeline(string Text, IReadOnlyList<TranslationNote> Notes);
