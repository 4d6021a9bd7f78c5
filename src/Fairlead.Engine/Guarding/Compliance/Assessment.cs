using System.Globalization;
using System.Text.Json.Serialization;

namespace Fairlead.Engine.Guarding.Compliance;

/// <summary>How a control stands, the best last.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ControlState>))]
public enum ControlState
{
    /// <summary>Evidence says that it is not met.</summary>
    [JsonStringEnumMemberName("failing")]
    Failing,

    /// <summary>Nothing was measured.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>A person must state it, and none has.</summary>
    [JsonStringEnumMemberName("manual")]
    Manual,

    /// <summary>It was met, but nobody looked lately.</summary>
    [JsonStringEnumMemberName("stale")]
    Stale,

    /// <summary>It is met, by evidence that is new enough.</summary>
    [JsonStringEnumMemberName("fresh")]
    Fresh,
}

/// <summary>What a person stated about a control.</summary>
/// <param name="By">Who, as the journal writes it.</param>
/// <param name="Until">It counts until then.</param>
public sealed record Attestation(
    string Catalogue,
    string Control,
    string Statement,
    string By,
    DateTimeOffset At,
    DateTimeOffset Until
)
{
    public const string Collection = "attestations";

    /// <summary>Its key in the store; no slash, which would make it a site's.</summary>
    public string Key => KeyOf(Catalogue, Control);

    public static string KeyOf(string catalogue, string control) => $"{catalogue}:{control}";
}

/// <summary>A control with its evidence.</summary>
/// <param name="Why">What decides its state.</param>
/// <param name="Todo">What to do; empty when it is fresh.</param>
public sealed record Assessed(
    Control Control,
    ControlState State,
    string Why,
    string Todo,
    IReadOnlyList<Evidence> Evidence,
    Attestation? Attestation
);

/// <summary>A catalogue as it stands. Pure: the worst of a control's evidence decides, and what nobody measured is unknown.</summary>
public sealed record Assessment(Catalogue Catalogue, IReadOnlyList<Assessed> Controls)
{
    public static Assessment Of(
        Catalogue catalogue,
        IReadOnlyDictionary<string, Evidence> evidence,
        IReadOnlyList<Attestation> attestations,
        DateTimeOffset now
    )
    {
        var byControl = attestations
            .Where(one => one.Catalogue == catalogue.Id)
            .GroupBy(one => one.Control)
            .ToDictionary(group => group.Key, group => group.MaxBy(one => one.At)!);
        return new(
            catalogue,
            [
                .. catalogue.Controls.Select(control =>
                    Of(control, evidence, byControl.GetValueOrDefault(control.Id), now)
                ),
            ]
        );
    }

    /// <summary>How many controls are in each state, such as <c>2 failing, 5 unknown, 3 fresh</c>.</summary>
    public string Summary =>
        string.Join(
            ", ",
            Controls
                .GroupBy(one => one.State)
                .OrderBy(group => group.Key)
                .Select(group =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{group.Count()} {group.Key.ToString().ToLowerInvariant()}"
                    )
                )
        );

    /// <summary>How much of it technology can answer at all.</summary>
    public string Reach =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Controls.Count(one => one.Control.Evidence.Count > 0)} of {Controls.Count} controls have technical evidence; the rest is for people to state."
        );

    private static Assessed Of(
        Control control,
        IReadOnlyDictionary<string, Evidence> all,
        Attestation? attestation,
        DateTimeOffset now
    )
    {
        // A query that a catalogue names and nobody wrote is unknown, not forgotten.
        Evidence[] evidence = [.. control.Evidence.Select(name => all.GetValueOrDefault(name) ?? Missing(name))];
        List<(ControlState State, string Why, string Todo)> findings = [.. evidence.Select(Judge)];
        if (control.Attest is { } statement)
        {
            findings.Add(Judge(statement, attestation, now));
        }
        var (state, why, todo) =
            findings.Count == 0
                ? (ControlState.Unknown, "Nothing measures it.", "No query and no statement is written for it.")
                : findings.OrderBy(one => one.State).First();
        return new(control, state, why, todo, evidence, attestation);
    }

    private static (ControlState State, string Why, string Todo) Judge(Evidence evidence) =>
        evidence.Answer switch
        {
            Measured.Fails fails => (ControlState.Failing, fails.Text, fails.Fix),
            Measured.Unknown unknown => (ControlState.Unknown, unknown.Text, unknown.Fix),
            Measured.Holds holds when evidence.IsStale => (
                ControlState.Stale,
                string.Create(CultureInfo.InvariantCulture, $"{holds.Text} (as of {holds.At.UtcDateTime:yyyy-MM-dd})"),
                "Look again."
            ),
            var holds => (ControlState.Fresh, holds.Text, ""),
        };

    private static (ControlState State, string Why, string Todo) Judge(
        string statement,
        Attestation? attestation,
        DateTimeOffset now
    ) =>
        attestation switch
        {
            null => (
                ControlState.Manual,
                $"A person must state: {statement}",
                "fairlead compliance attest CATALOGUE CONTROL"
            ),
            { Until: var until } when until <= now => (
                ControlState.Stale,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{attestation.By} stated it until {until.UtcDateTime:yyyy-MM-dd}: {attestation.Statement}"
                ),
                "State it again: fairlead compliance attest CATALOGUE CONTROL"
            ),
            _ => (
                ControlState.Fresh,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{attestation.By} stated on {attestation.At.UtcDateTime:yyyy-MM-dd}: {attestation.Statement}"
                ),
                ""
            ),
        };

    private static Evidence Missing(string name) =>
        new(
            name,
            "",
            new Measured.Unknown($"Nothing measures '{name}'.", "No query of that name is written."),
            false,
            ""
        );
}
