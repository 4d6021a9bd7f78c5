using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Fairlead.Model.Telemetry;

namespace Fairlead.Model.Alerting;

/// <summary>Something that is wrong, known by its labels: the same labels are the same alert.</summary>
/// <param name="Annotations">Texts for people, such as <c>summary</c>.</param>
/// <param name="StartsAt">Since when it fires.</param>
/// <param name="EndsAt">When it was over; null while it fires.</param>
public sealed record Alert(Labels Labels, Labels Annotations, DateTimeOffset StartsAt, DateTimeOffset? EndsAt = null)
{
    public const string NameLabel = "alertname";

    /// <summary>How grave it is: <c>page</c> for what cannot wait, <c>ticket</c> for what can.</summary>
    public const string SeverityLabel = "severity";

    /// <summary>Somebody must look now.</summary>
    public const string Page = "page";

    /// <summary>Somebody should look in working hours.</summary>
    public const string Ticket = "ticket";

    /// <summary>Where it can be looked at; empty when nobody said.</summary>
    public string SourceUrl { get; init; } = "";

    /// <summary>What the rule's query found when it was last evaluated; null for alerts from elsewhere.</summary>
    public double? Value { get; init; }

    [JsonIgnore]
    public string Name => Labels[NameLabel];

    [JsonIgnore]
    public string Severity => Labels[SeverityLabel];

    [JsonIgnore]
    public bool IsFiring => EndsAt is null;

    /// <summary>16 hex digits that stand for the labels, as Prometheus and Alertmanager reckon them (FNV-1a, 64 bits).</summary>
    [JsonIgnore]
    public string Fingerprint => FingerprintOf(Labels);

    /// <summary>One line that says what is wrong.</summary>
    [JsonIgnore]
    public string Summary =>
        Annotations["summary"] is { Length: > 0 } summary ? summary
        : Annotations["description"] is { Length: > 0 } description ? description
        : Name;

    /// <inheritdoc cref="Fingerprint"/>
    public static string FingerprintOf(Labels labels)
    {
        const ulong prime = 1099511628211;
        var hash = 14695981039346656037;
        foreach (var (name, value) in labels)
        {
            Add(name);
            Add(value);
        }
        return hash.ToString("x16", CultureInfo.InvariantCulture);

        void Add(string text)
        {
            foreach (var one in Encoding.UTF8.GetBytes(text))
            {
                hash = (hash ^ one) * prime;
            }
            // What parts one text from the next: no text of UTF-8 has it.
            hash = (hash ^ 0xff) * prime;
        }
    }
}
