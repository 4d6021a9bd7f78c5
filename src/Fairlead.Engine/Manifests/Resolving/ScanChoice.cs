using System.Globalization;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Completes what a manifest says of security.</summary>
internal static class ScanChoice
{
    /// <returns>Null where the manifest says nothing of it.</returns>
    public static ScanPolicy? Of(ScanEntry? entry, Node node, Findings findings)
    {
        if (entry is null)
        {
            return null;
        }
        var policy = new ScanPolicy();
        return policy with
        {
            Fail = (entry.Fail ?? FailEntry.High) switch
            {
                FailEntry.Low => Severity.Low,
                FailEntry.Medium => Severity.Medium,
                FailEntry.High => Severity.High,
                FailEntry.Critical => Severity.Critical,
                _ => null,
            },
            FixedOnly = entry.FixedOnly ?? policy.FixedOnly,
            Grace = entry.Grace ?? policy.Grace,
            MaxAge = entry.MaxAge ?? policy.MaxAge,
            FailUnknown = entry.Unknown == UnknownEntry.Fail,
            Kinds = entry.Kinds ?? (entry.Licences is null ? policy.Kinds : [.. policy.Kinds, ScanKind.Licences]),
            Development = entry.Development ?? policy.Development,
            LicencesDenied = entry.Licences?.Deny ?? [],
            LicencesAllowed = entry.Licences?.Allow ?? [],
            Provenance = entry.Provenance ?? policy.Provenance,
            Waivers =
            [
                .. (entry.Waivers ?? [])
                    .Select((one, at) => WaiverOf(one, node.At("waivers", at), findings))
                    .OfType<Waiver>(),
            ],
        };
    }

    private static Waiver? WaiverOf(WaiverEntry entry, Node node, Findings findings)
    {
        if (entry.Until is null)
        {
            return null; // Another finding has said it.
        }
        if (
            DateOnly.TryParseExact(
                entry.Until,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var until
            )
        )
        {
            return new(entry.Id, entry.Reason, until, entry.Where);
        }
        findings.Add(
            node.At("until"),
            "no-day",
            (
                $"The waiver of '{Shown.Line(entry.Id)}' ends on no day.",
                $"'{Shown.Line(entry.Until)}' is not in the calendar.",
                "Write for example: until: 2027-03-31"
            )
        );
        return null;
    }
}
