using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Scanners;
using Fairlead.Model.Ports;
using Fairlead.Model.Security.Scanning;
using Fairlead.Scenarios.Collecting;

namespace Fairlead.Scenarios.Scanning;

using Platform = Fairlead.Scenarios.Voyages.Platform;

/// <summary>Scans as a person runs them: the whole program on folders with planted faults, a gate before a deployment, proofs and tampering.</summary>
public sealed class ScanScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Today => DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", null);

    private static string DaysAgo(int days) => DateTimeOffset.UtcNow.AddDays(-days).ToString("yyyy-MM-dd", null);

    [Fact]
    public async Task Planted_faults_are_found_with_fresh_data_and_unknown_without()
    {
        await using var ground = new Ground();
        var expected = PlantedFolder.Write(ground.File("shop"));
        PlantedFolder.WriteAdvisories(ground.File("osv"));

        var without = await ground.ScanAsync("shop", "--kind", "dependencies");
        Assert.Equal(("unknown", "unknown"), (Text(without, "verdict"), Text(without["parts"]![0]!, "coverage")));
        Assert.Contains(
            "There are no advisories here, so nothing is known of the packages' weaknesses. Bring a copy: fairlead advisory import FOLDER",
            Texts(without, "unknown")
        );

        await ground.RunAsync("advisory", "import", ground.File("osv"), "--date", DaysAgo(30));
        // Of a package that has no weakness: with old data it is not clean.
        Directory.CreateDirectory(ground.File("one"));
        await File.WriteAllTextAsync(ground.File("one/requirements.txt"), "flask==3.0.0\n", Stop);
        var stale = await ground.ScanAsync("one", "--kind", "dependencies");
        Assert.Equal("unknown", Text(stale, "verdict"));
        Assert.StartsWith(
            "The advisories are 30 days old",
            Assert.Single(Texts(stale, "unknown")),
            StringComparison.Ordinal
        );

        await ground.RunAsync("advisory", "import", ground.File("osv"), "--date", Today);
        Assert.Equal("passed", Text(await ground.ScanAsync("one", "--kind", "dependencies"), "verdict"));

        var found = (await ground.ScanAsync("shop"))["findings"]!
            .AsArray()
            .Select(static one => $"{one!["rule"]} {one["where"]}")
            .ToHashSet(StringComparer.Ordinal);
        var (missed, wrong) = (expected.Except(found).Order().ToList(), found.Except(expected).Order().ToList());
        var hits = expected.Count - missed.Count;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{expected.Count} planted: {hits} found, {missed.Count} missed, {wrong.Count} false; recall {100.0 * hits / expected.Count:0.0} %, precision {100.0 * hits / (hits + wrong.Count):0.0} %"
        );
        Assert.Empty(missed);
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task A_gate_holds_up_a_deployment_until_a_waiver_that_ends_and_what_runs_is_watched()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("gated", Manifest(""));
        Directory.CreateDirectory(Path.Combine(folder, "tools"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "tools", "yarn.lock"),
            "# yarn lockfile v1\n\n\nlodash@^4.0.0:\n  version \"4.17.20\"\n\n\"left-pad@^1.0.0\":\n  version \"1.3.0\"\n",
            Stop
        );
        var osv = Path.Combine(platform.State, "..", "osv");

        var unknown = await platform.DeployAsync(folder);
        Assert.True(unknown.Code == 1, unknown.ToString());
        Assert.Contains("scan.unknown", unknown.Messages, StringComparison.Ordinal);

        PlantedFolder.WriteAdvisories(osv);
        await ImportAsync(platform, osv, DaysAgo(1));
        var refused = await platform.DeployAsync(folder);
        Assert.True(refused.Code == 1, refused.ToString());
        Assert.Contains("lodash 4.17.20 has a known weakness", refused.Messages, StringComparison.Ordinal);
        Assert.Contains("scan.failed", refused.Messages, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(folder, "fairlead.yaml"), Manifest(DaysAgo(1)), Stop);
        var expired = await platform.DeployAsync(folder);
        Assert.True(expired.Code == 1, expired.ToString());
        Assert.Contains("waiver-expired", expired.Messages, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(folder, "fairlead.yaml"), Manifest(Today), Stop);
        var waived = await platform.DeployAsync(folder);
        Assert.True(waived.Code == 0, waived.ToString());

        await ProofAsync(platform);
        await WatchAsync(platform, osv);

        // What an attacker changes is not started again: neither proven nor placed.
        var artifact = Directory.EnumerateDirectories(Path.Combine(platform.State, "artifacts")).Single();
        await File.AppendAllTextAsync(Path.Combine(artifact, "app.py"), "\n# changed\n", Stop);
        var verified = await platform.RunAsync("provenance", "verify", "gated");
        Assert.Equal(1, verified.Code);
        Assert.Contains("app.py is not what was built.", verified.Messages, StringComparison.Ordinal);
        Assert.Contains("provenance.changed", verified.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bill_is_valid_by_CycloneDXs_own_schema()
    {
        var node = RealPeer.Find("node", "nodejs");
        var peers = Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "fairlead-peers/cyclonedx"
        );
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(peers, "node_modules/@cyclonedx/cyclonedx-library")),
            "CycloneDX's library is not here: see .ci/run"
        );
        await using var ground = new Ground();
        _ = PlantedFolder.Write(ground.File("shop"));
        await ground.RunAsync("sbom", ground.File("shop"), "--name", "shop", "--to", ground.File("bill.json"));
        var bill = JsonNode.Parse(await File.ReadAllTextAsync(ground.File("bill.json"), Stop))!;
        Assert.True(bill["components"]!.AsArray().Count > 15);
        bill["components"]![0]!["type"] = "no-such-type";
        await File.WriteAllTextAsync(ground.File("broken.json"), bill.ToJsonString(), Stop);
        var script = $$"""
            const cdx = require('{{peers}}/node_modules/@cyclonedx/cyclonedx-library');
            const validator = new cdx.Validation.JsonStrictValidator(cdx.Spec.Version.v1dot6);
            for (const file of process.argv.slice(1))
              validator.validate(require('fs').readFileSync(file, 'utf8')).then(e => console.log(e === null ? 'valid' : 'not valid'));
            """;
        Assert.Equal("valid", await ground.SayAsync(node, "-e", script, ground.File("bill.json")));
        Assert.Equal("not valid", await ground.SayAsync(node, "-e", script, ground.File("broken.json")));
    }

    [Fact]
    public async Task ClamAV_finds_what_its_signatures_know_and_is_never_clean_with_undated_ones()
    {
        _ = RealPeer.Find("clamscan", "clamav");
        await using var ground = new Ground();
        Directory.CreateDirectory(ground.File("files"));
        // The test file of the European institute, which harms nobody; put together here so that no scanner minds this source.
        var eicar = """X5O!P%@AP[4\PZX54(P^)7CC)7}$""" + "EICAR-STANDARD-ANTIVIRUS-" + "TEST-FILE!$H+H*";
        await File.WriteAllTextAsync(ground.File("files/a b.com"), eicar, Stop);
        await File.WriteAllTextAsync(ground.File("files/good.txt"), "good", Stop);
#pragma warning disable CA5351 // ClamAV's signatures of this kind are MD5.
        var hash = Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(eicar)));
#pragma warning restore CA5351
        await File.WriteAllTextAsync(ground.File("own.hdb"), $"{hash}:{eicar.Length}:Eicar-Test\n", Stop);
        var scanner = new ClamAv(
            Environment.GetEnvironmentVariable("PATH")!,
            new World(TimeProvider.System, new Random(1)),
            ground.File("own.hdb")
        );

        var part = await scanner.ScanAsync(ground.File("files"), Stop);
        Assert.Equal(
            ["clamav-Eicar-Test.UNOFFICIAL a b.com"],
            part.Findings.Select(static one => $"{one.Rule} {one.Where}")
        );

        File.Delete(ground.File("files/a b.com"));
        var rest = await scanner.ScanAsync(ground.File("files"), Stop);
        Assert.Equal((Coverage.Unknown, 1), (rest.Coverage, rest.Unknown.Count));
        Assert.StartsWith("ClamAV does not say how old", rest.Unknown[0], StringComparison.Ordinal);
    }

    // The bill, the proof, and the proof by another's tool.
    private static async Task ProofAsync(Platform platform)
    {
        var bill = (await platform.AskAsync("sbom", "release", "gated"))["services"]![0]!["sbom"]!;
        Assert.Equal(
            ["pkg:npm/left-pad@1.3.0", "pkg:npm/lodash@4.17.20"],
            bill["components"]!.AsArray().Select(static one => (string?)one!["purl"])
        );
        var proof = await platform.AskAsync("provenance", "verify", "gated");
        Assert.Single(proof["proven"]!.AsArray());

        var openssl = RealPeer.Find("openssl", "openssl");
        await using var ground = new Ground();
        var paper = Directory.EnumerateFiles(Path.Combine(platform.State, "artifacts"), "*.intoto.json").Single();
        var envelope = JsonNode.Parse(await File.ReadAllTextAsync(paper, Stop))!;
        var payload = Convert.FromBase64String((string)envelope["payload"]!);
        var type = (string)envelope["payloadType"]!;
        await File.WriteAllBytesAsync(
            ground.File("signed"),
            [.. Encoding.UTF8.GetBytes($"DSSEv1 {type.Length} {type} {payload.Length} "), .. payload],
            Stop
        );
        await File.WriteAllBytesAsync(
            ground.File("signature"),
            Convert.FromBase64String((string)envelope["signatures"]![0]!["sig"]!),
            Stop
        );
        await File.WriteAllTextAsync(ground.File("key.pem"), (string)proof["key"]!, Stop);
        string[] words = ["dgst", "-sha256", "-verify", ground.File("key.pem"), "-signature", ground.File("signature")];
        Assert.Equal("Verified OK", await ground.SayAsync(openssl, [.. words, ground.File("signed")]));
        var list = Directory.EnumerateFiles(Path.Combine(platform.State, "artifacts"), "*.files.txt").Single();
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(list, Stop))),
            (string?)JsonNode.Parse(payload)!["subject"]![0]!["digest"]!["sha256"]
        );
    }

    // A new advisory about what runs is told of, in the journal.
    private static async Task WatchAsync(Platform platform, string osv)
    {
        PlantedFolder.WriteAdvisories(osv, ("A-NEW-1", "npm", "left-pad", "1.3.1"));
        await ImportAsync(platform, osv, Today);
        var limit = Stopwatch.StartNew();
        string told;
        do
        {
            await Task.Delay(TimeSpan.FromSeconds(1), Stop);
            var export = await platform.AskAsync("audit", "export");
            told = await JournalAsync((string)export["file"]!);
        } while (!told.Contains("A-NEW-1", StringComparison.Ordinal) && limit.Elapsed < TimeSpan.FromMinutes(3));
        Assert.Contains(
            "gated@1 has a weakness that is new: A-NEW-1 (high) in pkg:npm/left-pad@1.3.0. Update left-pad to 1.3.1 or later.",
            told,
            StringComparison.Ordinal
        );
        var today = await platform.AskAsync("scan", "app", "gated");
        Assert.Contains("A-NEW-1", today["findings"]!.AsArray().Select(static one => (string?)one!["rule"]));
    }

    private static async Task<string> JournalAsync(string path)
    {
        await using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync(Stop);
    }

    private static async Task ImportAsync(Platform platform, string osv, string date)
    {
        var answer = await platform.RunAsync("advisory", "import", osv, "--date", date);
        Assert.True(answer.Code == 0, answer.ToString());
    }

    private static string Manifest(string until) =>
        $$"""
            app: gated
            services:
              web: { kind: web, path: ., health: /healthz }
            security:
              unknown: fail
              provenance: true
            """
        + (
            until.Length == 0
                ? ""
                : $$"""

                      waivers:
                        - { id: CVE-0000-A-NPM-1, reason: "no user input reaches it", until: {{until}}, where: tools }
                    """
        );

    private static string Text(JsonNode node, string name) => (string)node[name]!;

    private static IReadOnlyList<string> Texts(JsonNode node, string name) =>
        [.. node[name]!.AsArray().Select(static one => (string)one!)];

    /// <summary>A folder and a state of its own, and the program without a server.</summary>
    private sealed class Ground : IAsyncDisposable
    {
        private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fairlead-scan-");

        public string File(string name) => Path.Combine(root.FullName, name);

        public async Task<JsonNode> ScanAsync(string folder, params string[] words)
        {
            var text = await SayAsync("dotnet", [Program, "scan", File(folder), "--json", .. words]);
            return JsonNode.Parse(text.Split('\n')[^1])!["data"]!;
        }

        public async Task RunAsync(params string[] words) => await SayAsync("dotnet", [Program, .. words]);

        public async Task<string> SayAsync(string program, params string[] words)
        {
            var start = new ProcessStartInfo(program, words)
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
                WorkingDirectory = root.FullName,
            };
            start.Environment["FAIRLEAD_STATE"] = File("state");
            using var process = Process.Start(start)!;
            var text = await process.StandardOutput.ReadToEndAsync(Stop);
            await process.WaitForExitAsync(Stop);
            return text.Trim();
        }

        public ValueTask DisposeAsync()
        {
            root.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }

        private static string Program => Path.Combine(AppContext.BaseDirectory, "fairlead.dll");
    }
}
