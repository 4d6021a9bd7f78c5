using System.Text.Json;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Compliance;

/// <summary>Everything that an auditor is given: catalogues as they stand, what decided it, and the journal's signed head at that time.</summary>
/// <param name="At">When it was measured.</param>
/// <param name="Head">Null while the journal is empty.</param>
/// <param name="PublicKey">Of the key that signed the head, in PEM.</param>
public sealed record Bundle(
    DateTimeOffset At,
    IReadOnlyList<Assessment> Assessments,
    IReadOnlyList<Evidence> Evidence,
    TreeHead? Head,
    string PublicKey
)
{
    private static readonly JsonSerializerOptions Compact = new(JsonSerializerDefaults.Web);

    /// <summary>The head on one line, as <c>audit.head</c> gives it.</summary>
    public string HeadText => Head is { } head ? JsonSerializer.Serialize(head, Compact) : "";
}
