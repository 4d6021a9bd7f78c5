using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Operations;

/// <summary>What operations need to scan.</summary>
public sealed record Scanning(ScanPorts Ports, IArtifactPapers Papers, ISigner Signer)
{
    internal static IReadOnlyList<ScanKind> Kinds(IReadOnlyList<string> words) =>
        [
            .. words
                .SelectMany(static one =>
                    one.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                )
                .Select(static one =>
                    one switch
                    {
                        "dependencies" => ScanKind.Dependencies,
                        "secrets" => ScanKind.Secrets,
                        "config" => ScanKind.Config,
                        "licences" => ScanKind.Licences,
                        "malware" => ScanKind.Malware,
                        _ => throw Wrong(
                            "scan.kind",
                            $"'{one}' is nothing that can be looked for.",
                            "There are: dependencies, secrets, config, licences, malware.",
                            "fairlead scan --kind secrets"
                        ),
                    }
                ),
        ];

    internal static Severity? Fail(string word) =>
        word switch
        {
            "low" => Severity.Low,
            "medium" => Severity.Medium,
            "high" => Severity.High,
            "critical" => Severity.Critical,
            "none" => null,
            _ => throw Wrong(
                "scan.fail",
                $"'{word}' is no severity.",
                "There are: low, medium, high, critical, and none.",
                "fairlead scan --fail high"
            ),
        };

    internal static ProblemException Wrong(string code, string what, string why, string fix) =>
        new(new Problem(code, what, why, fix) { Trouble = Trouble.WrongUse });

    internal static FindingView View(Finding one) =>
        new(
            one.Severity,
            one.Rule,
            one.Where,
            one.What,
            one.Why,
            one.Fix,
            one.Component,
            one.FixedIn,
            one.Aliases.Count == 0 ? null : one.Aliases
        );
}

/// <summary>A finding as it is shown.</summary>
public sealed record FindingView(
    Severity Severity,
    string Rule,
    string Where,
    string What,
    string Why,
    string Fix,
    string? Component,
    string? FixedIn,
    IReadOnlyList<string>? Aliases
);
