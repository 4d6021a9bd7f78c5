using System.Text.Json.Serialization;

namespace Fairlead.Model.Apps;

/// <summary>What allows the use of personal data, by article 6(1) of the GDPR.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LawfulBasis>))]
public enum LawfulBasis
{
    [JsonStringEnumMemberName("consent")]
    Consent,

    [JsonStringEnumMemberName("contract")]
    Contract,

    [JsonStringEnumMemberName("legal-obligation")]
    LegalObligation,

    [JsonStringEnumMemberName("vital-interests")]
    VitalInterests,

    [JsonStringEnumMemberName("public-task")]
    PublicTask,

    [JsonStringEnumMemberName("legitimate-interests")]
    LegitimateInterests,
}

/// <summary>One kind of personal data that a service works with, as its manifest declares it.</summary>
/// <param name="Service">Which service.</param>
/// <param name="Category">Such as <c>contact details</c>.</param>
/// <param name="Purpose">What for.</param>
public sealed record PersonalUse(string Service, string Category, string Purpose)
{
    /// <summary>Whose it is, such as customers; null where that is not said.</summary>
    public string? Subjects { get; init; }

    /// <summary>How long it is kept, in words; null where that is not said.</summary>
    public string? Retention { get; init; }

    /// <summary>What allows it; null where that is not said.</summary>
    public LawfulBasis? Basis { get; init; }

    /// <summary>Of a kind that needs more protection: health, belief, biometrics and the like.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Others who get it.</summary>
    public IReadOnlyList<string> Processors { get; init; } = [];

    /// <summary>What its declaration leaves open.</summary>
    [JsonIgnore]
    public IEnumerable<string> Gaps =>
        new[]
        {
            (Subjects is null, "whose data it is (subjects)"),
            (Retention is null, "how long it is kept (retention)"),
            (Basis is null, "what allows it (basis)"),
        }
            .Where(one => one.Item1)
            .Select(one => one.Item2);
}
