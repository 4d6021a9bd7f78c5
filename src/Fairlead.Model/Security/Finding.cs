using System.Text.Json.Serialization;

namespace Fairlead.Model.Security;

/// <summary>Something that looks like an attack, or like a way for one, with what was seen.</summary>
public sealed record Finding
{
    /// <summary>Follows from kind and subject, so that the same is found once.</summary>
    public required string Id { get; init; }

    /// <summary>Such as <c>path-scan</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whom or what it is about: a network, a caller, a replica.</summary>
    public required string Subject { get; init; }

    public required Gravity Gravity { get; init; }

    /// <summary>One line for people.</summary>
    public required string What { get; init; }

    /// <summary>What to do.</summary>
    public required string Fix { get; init; }

    /// <summary>What was seen, the newest last.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    public DateTimeOffset First { get; init; }

    public DateTimeOffset Last { get; init; }

    /// <summary>Null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Who closed it and why.</summary>
    public string? Closed { get; init; }
}

/// <summary>How soon somebody must look.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Gravity>))]
public enum Gravity
{
    /// <summary>When there is time.</summary>
    Low,

    /// <summary>Today.</summary>
    Medium,

    /// <summary>Now.</summary>
    High,
}
