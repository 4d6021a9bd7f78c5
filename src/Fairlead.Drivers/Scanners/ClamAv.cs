using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners;

/// <summary>ClamAV, where <c>clamdscan</c> or <c>clamscan</c> is installed.</summary>
/// <param name="path">PATH, where programs are looked for.</param>
public sealed class ClamAv(string path, World world) : IScanner
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public ScanKind Kind => ScanKind.Malware;

    public async Task<ScanPart> ScanAsync(string folder, CancellationToken stop)
    {
        // The daemon has its signatures in memory; the other one loads them for a minute each time.
        string[] last = [];
        foreach (var (name, words) in Ways)
        {
            if (Programs.TryFind(name, "/", path) is not { } program)
            {
                continue;
            }
            var (code, lines) = await RunAsync([program, .. words, folder], stop);
            if (code is 0 or 1)
            {
                return Read(folder, code, lines);
            }
            last =
            [
                $"{name} ended with {code}: {lines.LastOrDefault(static one => one.Length > 0) ?? "it said nothing"}",
            ];
        }
        return new(
            Kind,
            [],
            last.Length > 0
                ? last
                : ["ClamAV is not installed, so nothing is known of viruses: apt-get install clamav-daemon"],
            0
        );
    }

    private static readonly (string Name, string[] Words)[] Ways =
    [
        ("clamdscan", ["--fdpass", "--multiscan", "--infected"]),
        ("clamscan", ["--recursive", "--infected"]),
    ];

    // /srv/app/eicar.com: Eicar-Signature FOUND
    internal static ScanPart Read(string folder, int code, IReadOnlyList<string> lines)
    {
        const string Mark = " FOUND";
        var findings = new List<Finding>();
        foreach (var line in lines.Where(static one => one.EndsWith(Mark, StringComparison.Ordinal)))
        {
            var colon = line.LastIndexOf(": ", StringComparison.Ordinal);
            if (colon > 0)
            {
                var name = line[(colon + 2)..^Mark.Length];
                findings.Add(
                    new(
                        ScanKind.Malware,
                        $"clamav-{name}",
                        Severity.Critical,
                        Path.GetRelativePath(folder, line[..colon]),
                        $"ClamAV knows this file as {name}.",
                        "It was made to do harm.",
                        "Find out how it came in, then remove it."
                    )
                );
            }
        }
        return code == 1 && findings.Count == 0
            ? new(ScanKind.Malware, [], ["ClamAV found something but did not say what."], 1)
            : new(ScanKind.Malware, findings, [], 1);
    }

    private async Task<(int Code, IReadOnlyList<string> Lines)> RunAsync(string[] words, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Limit, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        using var output = new BuildOutput(logPath: null);
        try
        {
            var env = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = path, ["LC_ALL"] = "C" };
            var mark = new ProcessMark("FAIRLEAD_SCAN", world.NewId());
            var code = await BuildProcess.RunAsync(new(words, "/", env, mark, world.Clock), output, both.Token);
            return (code, output.Last);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return (-1, [$"it took longer than {Limit.TotalMinutes} minutes"]);
        }
    }
}
