using System.Text.Json.Serialization;

namespace Fairlead.Model.Telemetry;

/// <summary>One piece of work within a trace: what was done, by whom, from when to when.</summary>
public sealed record Span
{
    /// <summary>What a span may have of attributes; also an event and a link. The rest is left out and counted in <see cref="Dropped"/>.</summary>
    public const int AttributesMax = 128;

    /// <summary>What a span may have of events, and of links.</summary>
    public const int EventsMax = 128;

    /// <summary>Longer names are cut.</summary>
    public const int NameCharsMax = 512;

    /// <summary>Longer values of attributes are cut.</summary>
    public const int ValueCharsMax = 4_096;

    public required TraceId Trace { get; init; }

    public required SpanId Id { get; init; }

    /// <summary>None for the first of a trace.</summary>
    public SpanId Parent { get; init; }

    /// <summary>Of the operation, such as <c>GET /orders/{id}</c>.</summary>
    public required string Name { get; init; }

    public SpanKind Kind { get; init; }

    /// <summary>Nanoseconds since 1970, UTC, by the clock of whoever did the work.</summary>
    public required long Start { get; init; }

    /// <summary>Nanoseconds since 1970, UTC; never before <see cref="Start"/>.</summary>
    public required long End { get; init; }

    public SpanStatus Status { get; init; }

    /// <summary>Why it failed, as far as it says.</summary>
    public string StatusText { get; init; } = "";

    /// <summary>Values as text: numbers and truth values as people write them, lists and maps as JSON.</summary>
    public IReadOnlyList<Label> Attributes { get; init; } = [];

    public IReadOnlyList<SpanEvent> Events { get; init; } = [];

    /// <summary>Spans that it has to do with beside its parent, also of other traces.</summary>
    public IReadOnlyList<SpanLink> Links { get; init; } = [];

    public required SpanSender Sender { get; init; }

    /// <summary>The library that made it, such as <c>@opentelemetry/instrumentation-http</c>.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Attributes, events and links that the sender or these limits left out.</summary>
    public int Dropped { get; init; }

    [JsonIgnore]
    public TimeSpan Duration => TimeSpan.FromTicks((End - Start) / TimeSpan.NanosecondsPerTick);

    [JsonIgnore]
    public bool IsError => Status == SpanStatus.Error;

    /// <summary>An attribute's value; empty when it has none of that name.</summary>
    public string this[string attribute]
    {
        get
        {
            foreach (var (name, value) in Attributes)
            {
                if (string.Equals(name, attribute, StringComparison.Ordinal))
                {
                    return value;
                }
            }
            return "";
        }
    }
}

/// <summary>Something that happened at one moment within a span, such as an exception.</summary>
/// <param name="At">Nanoseconds since 1970, UTC.</param>
public sealed record SpanEvent(long At, string Name, IReadOnlyList<Label> Attributes);

/// <summary>A span that another has to do with.</summary>
public sealed record SpanLink(TraceId Trace, SpanId Span, IReadOnlyList<Label> Attributes);

/// <summary>Which side of a call a span is. Numbers are OpenTelemetry's.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SpanKind>))]
public enum SpanKind
{
    [JsonStringEnumMemberName("unspecified")]
    Unspecified = 0,

    /// <summary>Work within a program.</summary>
    [JsonStringEnumMemberName("internal")]
    Internal = 1,

    [JsonStringEnumMemberName("server")]
    Server = 2,

    [JsonStringEnumMemberName("client")]
    Client = 3,

    /// <summary>Puts work into a queue; who takes it out may do so much later.</summary>
    [JsonStringEnumMemberName("producer")]
    Producer = 4,

    [JsonStringEnumMemberName("consumer")]
    Consumer = 5,
}

/// <summary>How a span ended. Numbers are OpenTelemetry's.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SpanStatus>))]
public enum SpanStatus
{
    /// <summary>Nobody said; what most good spans say.</summary>
    [JsonStringEnumMemberName("unset")]
    Unset = 0,

    [JsonStringEnumMemberName("ok")]
    Ok = 1,

    [JsonStringEnumMemberName("error")]
    Error = 2,
}

/// <summary>Who did the work of a span: what Fairlead knows by itself wins over what the sender says.</summary>
public sealed record SpanSender
{
    /// <summary>What a sender may say of itself.</summary>
    public const int AttributesMax = 128;

    private const string Unknown = "unknown_service";

    /// <summary>Null for a sender that Fairlead did not start.</summary>
    public string? App { get; init; }

    public string? Environment { get; init; }

    public required string Service { get; init; }

    /// <summary>The release's number; of other senders the version they claim.</summary>
    public string? Release { get; init; }

    /// <summary>Which process: a replica, or what the sender calls its instance. Spans of one share a clock.</summary>
    public string? Instance { get; init; }

    /// <summary>What the sender says of itself.</summary>
    public IReadOnlyList<Label> Attributes { get; init; } = [];

    /// <param name="source">As its key proves.</param>
    /// <param name="attributes">Of the resource, by OpenTelemetry's names.</param>
    public static SpanSender Of(Source source, IReadOnlyList<Label> attributes)
    {
        var known = source.Stamp.ToDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal);
        return new()
        {
            App = known.GetValueOrDefault(Source.AppLabel),
            Environment =
                known.GetValueOrDefault(Source.EnvironmentLabel)
                ?? Said("deployment.environment.name")
                ?? Said("deployment.environment"),
            Service = known.GetValueOrDefault(Source.ServiceLabel) ?? Said("service.name") ?? Unknown,
            Release = known.GetValueOrDefault(Source.ReleaseLabel) ?? Said("service.version"),
            Instance = known.GetValueOrDefault(Source.ReplicaLabel) ?? Said("service.instance.id") ?? Said("host.name"),
            Attributes = attributes,
        };

        string? Said(string name) =>
            attributes.FirstOrDefault(one => one.Name == name).Value is { Length: > 0 } value ? value : null;
    }

    /// <summary>Such as <c>shop/production api@42</c>, as much of it as is known.</summary>
    public override string ToString() =>
        $"{(App is null ? "" : $"{App}/{Environment} ")}{Service}{(Release is null ? "" : $"@{Release}")}";
}
