using System.Globalization;
using System.Text.Json.Serialization;

namespace Fairlead.Model.Releases;

/// <summary>A check that must hold while a part takes traffic. The set is closed.</summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(ErrorRate), "error-rate")]
[JsonDerivedType(typeof(Latency), "latency")]
[JsonDerivedType(typeof(Command), "command")]
[JsonDerivedType(typeof(Check), "check")]
[JsonDerivedType(typeof(Judged), "judge")]
[JsonDerivedType(typeof(Query), "query")]
public abstract record Gate
{
    private Gate() { }

    /// <summary>Answers with a status of 500 or more, or no answer at all, stay below a limit.</summary>
    /// <param name="Percent">Above 0, at most 100.</param>
    public sealed record ErrorRate(double Percent) : Gate
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"error-rate < {Percent}%");
    }

    /// <summary>A quantile of the time to the first byte of the answer stays below a limit.</summary>
    /// <param name="Quantile">Percentile, above 0 and below 100: 95 is p95.</param>
    public sealed record Latency(double Quantile, TimeSpan Limit) : Gate
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"p{Quantile} < {Limit.Text}");
    }

    /// <summary>A command exits 0. It finds the part under test in FAIRLEAD_URL.</summary>
    public sealed record Command(IReadOnlyList<string> Words, TimeSpan Timeout) : Gate
    {
        public bool Equals(Command? other) =>
            other is not null && Words.SequenceEqual(other.Words) && Timeout == other.Timeout;

        public override int GetHashCode() => HashCode.Combine(Words.Count, Timeout);

        public override string ToString() => $"command {string.Join(' ', Words)}";
    }

    /// <summary>One of Fairlead's own checks passes, with the settings of <c>fairlead.checks.yaml</c>, on the part under test.</summary>
    public sealed record Check(CheckKind Kind, TimeSpan Timeout) : Gate
    {
        /// <summary>The check as its command is called, such as <c>contract</c>.</summary>
        public string Word => Kind.ToString().ToLowerInvariant();

        /// <summary>It asks the running part; the others look at files.</summary>
        public bool NeedsAddress => Kind is not (CheckKind.OpenApi or CheckKind.Bundle);

        public override string ToString() => $"check {Word}";
    }

    /// <summary>How long what the gate starts may take; null for a gate that starts nothing.</summary>
    [JsonIgnore]
    public TimeSpan? TimeMax =>
        this switch
        {
            Command command => command.Timeout,
            Check check => check.Timeout,
            _ => null,
        };

    /// <summary>It does no harm that the part before does not do at the same time.</summary>
    public sealed record Judged(JudgeRules Rules) : Gate
    {
        public override string ToString() => Rules.ToString();
    }

    /// <summary>What a query of the metrics gives stays within a limit, or does not rise against the part before.</summary>
    /// <param name="Text">In PromQL; <c>$release</c> stands for the label that Fairlead stamps, such as <c>42</c>.</param>
    /// <param name="Below">Null for no such limit.</param>
    /// <param name="Above">Null for no such limit.</param>
    /// <param name="Rise">How much more than of the part before it may be; null when that is not asked.</param>
    public sealed record Query(string Text, double? Below, double? Above, Percent? Rise) : Gate
    {
        /// <summary>Stands for the release that brought the part.</summary>
        public const string ReleaseWord = "$release";

        /// <summary>The query for one part.</summary>
        public string Of(Part part) =>
            Text.Replace(ReleaseWord, part.Since.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Text}{(Below is null ? "" : $" < {Below}")}{(Above is null ? "" : $" > {Above}")}{(Rise is null ? "" : $", at most +{Rise}")}"
            );
    }

    /// <summary>Reads <c>error-rate &lt; 1%</c> or <c>p95 &lt; 300ms</c>; null for anything else.</summary>
    public static Gate? TryParse(string text)
    {
        if (text.Split('<', StringSplitOptions.TrimEntries) is not [var metric, var limit])
        {
            return null;
        }
        if (metric is "error-rate")
        {
            return limit.EndsWith('%') && Number(limit[..^1]) is > 0 and <= 100 and var percent
                ? new ErrorRate(percent)
                : null;
        }
        return
            metric.StartsWith('p')
            && Number(metric[1..]) is > 0 and < 100 and var quantile
            && Units.TryParseDuration(limit) is { } time
            && time > TimeSpan.Zero
            ? new Latency(quantile, time)
            : null;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

/// <summary>A gate's answer with its evidence.</summary>
/// <param name="Reason">The numbers in words, such as "31 of 104 requests failed: 29.8%, limit 1%".</param>
public sealed record Verdict(string Gate, Ruling Ruling, string Reason)
{
    /// <summary>What was compared, where the gate compares; null where it does not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Measure>? Measures { get; init; }

    /// <summary>What a check found, a line each; null where nothing of the kind was found.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Evidence { get; init; }
}

/// <summary>Checks that a gate can be, called as their commands are.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckKind>))]
public enum CheckKind
{
    /// <summary>The API's document against that of the live release.</summary>
    [JsonStringEnumMemberName("openapi")]
    OpenApi,

    /// <summary>The part against its OpenAPI document.</summary>
    [JsonStringEnumMemberName("contract")]
    Contract,

    /// <summary>The part under load.</summary>
    [JsonStringEnumMemberName("load")]
    Load,

    /// <summary>The part as a curious stranger sees it.</summary>
    [JsonStringEnumMemberName("dast")]
    Dast,

    /// <summary>Pages, for what keeps people out.</summary>
    [JsonStringEnumMemberName("accessibility")]
    Accessibility,

    /// <summary>Pages, by Lighthouse's categories.</summary>
    [JsonStringEnumMemberName("lighthouse")]
    Lighthouse,

    /// <summary>How pages look, against approved pictures.</summary>
    [JsonStringEnumMemberName("visual")]
    Visual,

    /// <summary>How large what the build made is.</summary>
    [JsonStringEnumMemberName("bundle")]
    Bundle,
}

/// <summary>One thing that was compared between a part and the one before.</summary>
/// <param name="Name">Such as <c>errors</c>, in percent of the requests, or <c>p95</c>, in milliseconds.</param>
/// <param name="Canary">Null when there is no data.</param>
/// <param name="Baseline">Null when there is no data.</param>
/// <param name="Against">The odds for harm: a harmless release shows such a picture once in so many rollouts at most.</param>
/// <param name="For">The odds for there being no harm that matters.</param>
public sealed record Measure(string Name, double? Canary, double? Baseline, double Against, double For);

/// <summary>What a gate says. Missing data is never taken for good news.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Ruling>))]
public enum Ruling
{
    Holds,
    Broken,
    Unknown,
}
