using System.Globalization;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Guarding.Compliance;

/// <summary>What declarations of personal data prove: that they were made, not that they are true.</summary>
internal static class PrivacyEvidence
{
    public static Measured Declared(EvidenceSnapshot snapshot)
    {
        var uses = Uses(snapshot);
        if (uses.Count == 0)
        {
            return new Measured.Unknown(
                "No live app declares personal data, which does not mean that there is none.",
                "Add to the service in fairlead.yaml: data: [{ category: contact details, purpose: orders }]"
            );
        }
        string[] open =
        [
            .. uses.Where(one => one.Use.Gaps.Any())
                .Select(one => $"{one.Site}, {one.Use.Service}, {one.Use.Category}: {string.Join(", ", one.Use.Gaps)}"),
        ];
        return open.Length > 0
            ? new Measured.Fails(
                $"Not said: {string.Join("; ", open.Take(5))}{(open.Length > 5 ? " and more" : "")}.",
                "Complete the declarations: fairlead privacy inventory FOLDER shows what is open.",
                snapshot.Now
            )
            : new Measured.Holds(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{uses.Count} kinds of personal data are declared in full by live apps."
                ),
                snapshot.Now
            );
    }

    public static Measured Processors(EvidenceSnapshot snapshot)
    {
        var uses = Uses(snapshot);
        string[] names = [.. uses.SelectMany(one => one.Use.Processors).Distinct().Order(StringComparer.Ordinal)];
        return uses.Count == 0
            ? new Measured.Unknown(
                "No live app declares personal data, so nobody knows who gets any.",
                "Declare data and its processors in fairlead.yaml."
            )
            : new Measured.Holds(
                names.Length == 0
                    ? "No declared data goes to anybody else."
                    : $"Declared data goes to {DeploymentEvidence.Named(names)}.",
                snapshot.Now
            );
    }

    private static IReadOnlyList<(Site Site, PersonalUse Use)> Uses(EvidenceSnapshot snapshot) =>
        [.. (snapshot.Live ?? []).SelectMany(release => (release.Data ?? []).Select(use => (release.Site, use)))];
}
