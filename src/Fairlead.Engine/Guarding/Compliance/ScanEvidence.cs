using System.Globalization;

namespace Fairlead.Engine.Guarding.Compliance;

/// <summary>What scanners prove: of packages as of the advisories' day, of sources as of the day they were deployed.</summary>
internal static class ScanEvidence
{
    public static Measured Packages(EvidenceSnapshot snapshot) =>
        Of(
            [.. (snapshot.Scans ?? []).Where(scan => !scan.IsOfSource)],
            "Bring advisories and deploy what should be looked at: fairlead advisory import FOLDER"
        );

    public static Measured Sources(EvidenceSnapshot snapshot) =>
        Of(
            [.. (snapshot.Scans ?? []).Where(scan => scan.IsOfSource)],
            "Add to fairlead.yaml and deploy again: security: { fail: high }"
        );

    private static Measured Of(IReadOnlyList<ScanSeen> scans, string fix)
    {
        if (scans.Count == 0)
        {
            return new Measured.Unknown("Nothing that runs was scanned.", fix);
        }
        var open = scans.Where(scan => scan.Open > 0).ToList();
        if (open.Count > 0)
        {
            return new Measured.Fails(
                $"Open: {Named(open, scan => string.Create(CultureInfo.InvariantCulture, $"{scan.Open} in {scan.Scanner}"))}.",
                "Mend them, or waive them with a reason and an end: fairlead scan app APP",
                open.Min(scan => scan.At)
            );
        }
        var doubtful = scans.Where(scan => scan.Unknown is not null).ToList();
        return doubtful.Count > 0
            ? new Measured.Unknown(
                $"Not all is known: {Named(doubtful, scan => $"{scan.Scanner} ({scan.Unknown})")}",
                fix
            )
            : new Measured.Holds(
                $"Scanned without grave findings: {Named(scans, scan => scan.Scanner)}.",
                scans.Min(scan => scan.At)
            );
    }

    private static string Named(IReadOnlyList<ScanSeen> scans, Func<ScanSeen, string> text) =>
        DeploymentEvidence.Named([.. scans.Select(text)]);
}
