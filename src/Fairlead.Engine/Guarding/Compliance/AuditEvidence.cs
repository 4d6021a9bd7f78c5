using System.Globalization;

namespace Fairlead.Engine.Guarding.Compliance;

/// <summary>What the journal proves.</summary>
internal static class AuditEvidence
{
    public static Measured Chain(EvidenceSnapshot snapshot) =>
        snapshot.Audit switch
        {
            null => new Measured.Unknown("The journal was not read.", "fairlead audit verify"),
            { Break: { } why } => new Measured.Fails(why, "fairlead audit verify", snapshot.Now),
            { Lines: 0 } => new Measured.Unknown("The journal is empty.", "Deploy something: fairlead deploy FOLDER"),
            { SignedAt: null } => new Measured.Unknown("Nothing of the journal was signed yet.", "fairlead audit head"),
            { SignedAt: { } at } audit => new Measured.Holds(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{audit.Lines} lines are whole; {audit.Covered} of them are covered by {audit.Heads} signed heads."
                ),
                // Once it has grown, its newest signature is of then; one that stands still is proved now.
                audit.Covered == audit.Lines
                    ? snapshot.Now
                    : at
            ),
        };

    public static Measured Refusals(EvidenceSnapshot snapshot)
    {
        if (snapshot.Audit is not { Lines: > 0, Break: null } audit)
        {
            return new Measured.Unknown("There is no journal that could be trusted.", "fairlead audit verify");
        }
        var (count, last) = audit.Kinds.GetValueOrDefault("refused");
        return new Measured.Holds(
            count == 0
                ? "The journal is whole and holds no refusal."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"The journal holds {count} refusals, the last of {last.UtcDateTime:yyyy-MM-dd}."
                ),
            snapshot.Now
        );
    }
}
