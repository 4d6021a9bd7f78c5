using System.Globalization;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners;

/// <summary>ClamAV, where <c>clamdscan</c> or <c>clamscan</c> is installed. It is clean only with signatures that say their day.</summary>
/// <param name="path">PATH, where programs are looked for.</param>
/// <param name="signatures">Folder or file with signatures; null for ClamAV's own. The daemon has its own and is not asked then.</param>
public sealed class ClamAv(string path, World world, string? signatures = null) : IScanner
{
    private const string Mark = " FOUND";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(7);

    public ScanKind Kind => ScanKind.Malware;

    public async Task<ScanPart> ScanAsync(string folder, CancellationToken stop)
    {
        string[] last = ["ClamAV is not installed, so nothing is known of viruses: apt-get install clamav-daemon"];
        foreach (var (name, words) in Ways)
        {
            if (Programs.TryFind(name, "/", path) is not { } program)
            {
                continue;
            }
            var (code, lines) = await RunAsync([program, .. words, folder], stop);
            var read = Read(folder, code, lines);
            if (code is 0 or 1 || read.Findings.Count > 0)
            {
                var (_, said) = await RunAsync([program, .. words.Where(IsDatabase), "--version"], stop);
                return read with { Unknown = [.. read.Unknown, .. Doubts(said, world.Now)] };
            }
            // A daemon that does not run is no reason to give up.
            last = [.. read.Unknown];
        }
        return new(Kind, [], last, 0);
    }

    // The daemon has its signatures in memory; the other one loads them for a minute each time.
    private IEnumerable<(string Name, string[] Words)> Ways =>
        signatures is null
            ?
            [
                ("clamdscan", ["--fdpass", "--multiscan", "--infected", "--no-summary"]),
                ("clamscan", ["--recursive", "--infected", "--no-summary"]),
            ]
            : [("clamscan", ["--recursive", "--infected", "--no-summary", $"--database={signatures}"])];

    private static bool IsDatabase(string word) => word.StartsWith("--database=", StringComparison.Ordinal);

    // /srv/app/eicar.com: Eicar-Signature FOUND
    internal static ScanPart Read(string folder, int code, IReadOnlyList<string> lines)
    {
        var findings = new List<Finding>();
        foreach (var line in lines.Where(static one => one.EndsWith(Mark, StringComparison.Ordinal)))
        {
            var colon = line.LastIndexOf(": ", StringComparison.Ordinal);
            if (colon > 0 && colon + 2 < line.Length - Mark.Length)
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
        string[] unknown = code switch
        {
            0 => [],
            1 when findings.Count == 0 => ["ClamAV found something but did not say what."],
            1 when lines.Count >= BuildOutput.LinesMax =>
            [
                $"ClamAV found more than the last {BuildOutput.LinesMax} files that are told of.",
            ],
            1 => [],
            _ =>
            [
                $"ClamAV ended with {code}: {lines.LastOrDefault(static one => one.Length > 0) ?? "it said nothing"}",
            ],
        };
        return new(ScanKind.Malware, findings, unknown, 1);
    }

    // ClamAV 1.0.5/27300/Sun Jun  9 08:26:15 2026
    internal static IEnumerable<string> Doubts(IReadOnlyList<string> version, DateTimeOffset now)
    {
        var said = version.FirstOrDefault(static one => one.StartsWith("ClamAV ", StringComparison.Ordinal)) ?? "";
        var date = said.Split('/') is [_, _, var day]
            ? string.Join(' ', day.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : "";
        return !DateTimeOffset.TryParseExact(
                date,
                "ddd MMM d HH:mm:ss yyyy",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var made
            )
                ? ["ClamAV does not say how old its signatures are, so it may not know what is new: freshclam"]
            : now - made > MaxAge
                ?
                [
                    $"ClamAV's signatures are {(now - made).Days} days old; at most {MaxAge.TotalDays:0} are good: freshclam",
                ]
            : [];
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
