using System.Text.Json.Serialization;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>What became of a part of a pipeline when it was written for another system.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Fate>))]
public enum Fate
{
    /// <summary>It means the same there.</summary>
    [JsonStringEnumMemberName("mapped")]
    Mapped,

    /// <summary>It means nearly the same; the note says where not.</summary>
    [JsonStringEnumMemberName("approximated")]
    Approximated,

    /// <summary>It did not come along.</summary>
    [JsonStringEnumMemberName("left out")]
    LeftOut,
}

/// <summary>What became of one part.</summary>
/// <param name="Where">File, line and column of what was read, or the job and task of what was written.</param>
/// <param name="Note">What it is now, or why it is not there and what to do.</param>
public sealed record TranslationNote(Fate Fate, string Where, string What, string Note);
