using System.Formats.Tar;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Scenarios.Pipelines;

namespace Fairlead.Scenarios.Kubernetes;

/// <summary>Jobs of a pipeline as Jobs of a real Kubernetes.</summary>
[Collection(Cluster.Collection)]
public sealed class ClusterJobScenarios(Cluster cluster)
{
    private const string Space = "ci";
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private static readonly string[] Programs =
    [
        "cat",
        "cp",
        "echo",
        "env",
        "id",
        "pwd",
        "sh",
        "sleep",
        "test",
        "touch",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_runs_as_a_Job_with_its_source_and_secrets_and_nothing_of_it_is_left()
    {
        using var folder = await FolderAsync(
            """
            jobs:
              first:
                image: IMAGE
                secrets: [CLUSTER_KEY]
                inputs: [src/**]
                script: "id -u; pwd; cat src/a; echo key $CLUSTER_KEY; echo x > made; touch $HOME/y /tmp/z; test ! -e ignored"
              here: { script: "test ! -e made", needs: first }
            """
        );
        var cold = await RunAsync(folder);
        Assert.True(cold.Code == 0, cold.Error);
        Assert.Contains(
            "first | 65532\nfirst | /work\nfirst | source\nfirst | key ***\n",
            cold.Error,
            StringComparison.Ordinal
        );
        await NothingIsLeftAsync();

        Assert.Matches("up to date +1", (await RunAsync(folder)).Out);
    }

    [Fact]
    public async Task Exit_codes_and_deadlines_are_the_Jobs_and_lines_come_while_it_runs()
    {
        using var folder = await FolderAsync(
            """
            jobs:
              code: { image: IMAGE, script: "echo why >&2; exit 7", mayFail: true }
              late: { image: IMAGE, script: "echo begun; sleep 300", timeout: 20s }
            """
        );
        var end = await RunAsync(folder);

        Assert.True(end.Code == 1, end.Error);
        Assert.Contains("code/code ended with exit code 7.", end.Error, StringComparison.Ordinal);
        Assert.Contains("why: why", end.Error, StringComparison.Ordinal);
        Assert.Contains("late | begun", end.Error, StringComparison.Ordinal);
        Assert.Contains("late: TIMED OUT", end.Error, StringComparison.Ordinal);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task What_a_killed_run_left_is_removed_by_the_next_one()
    {
        using var folder = await FolderAsync(
            """
            jobs:
              long: { image: IMAGE, script: "echo begun; sleep 300" }
              short: { image: IMAGE, run: [nowhere-to-be-found] }
            """
        );
        using (var process = folder.Start([.. Words, "long"]))
        {
            var said = "";
            while (!said.Contains("long | begun", StringComparison.Ordinal))
            {
                said += await process.StandardError.ReadLineAsync(Stop) ?? throw new InvalidOperationException(said);
            }
            process.Kill();
            await process.WaitForExitAsync(Stop);
        }
        Assert.Contains(
            "job.batch/",
            await cluster.AskAsync("get", "jobs", "-n", Space, "-o", "name"),
            StringComparison.Ordinal
        );

        var next = await folder.RunAsync(Stop, [.. Words, "short"]);
        Assert.Contains("1 containers of a run that was cut off were ended", next.Error, StringComparison.Ordinal);
        Assert.Contains("could not be started in the cluster", next.Error, StringComparison.Ordinal);
        await NothingIsLeftAsync();
    }

    private string[] Words =>
        ["ci", "run", "--on", "kubernetes", "--namespace", Space, "--registry", $"{cluster.Registry}/team"];

    private Task<(int Code, string Out, string Error)> RunAsync(CiFolder folder) => folder.RunAsync(Stop, Words);

    private async Task<CiFolder> FolderAsync(string pipeline)
    {
        cluster.SkipUnlessThere();
        await cluster.AskAsync("create", "namespace", Space);
        var folder = new CiFolder(
            new Dictionary<string, string>(cluster.Env) { ["CLUSTER_KEY"] = "s3cr3t-of-the-cluster" }
        );
        folder.Write("src/a", "source\n");
        folder.Write(".gitignore", "ignored\n");
        folder.Write("ignored", "");
        folder.Pipeline(pipeline.Replace("IMAGE", $"'{await ImageAsync()}'", StringComparison.Ordinal));
        return folder;
    }

    // Jobs go in the background: first their pods.
    private async Task NothingIsLeftAsync()
    {
        var left = "?";
        for (var tries = 0; tries < 120 && left.Length > 0; tries++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), Stop);
            left = (
                await cluster.AskAsync(
                    "get",
                    "jobs,secrets,pods",
                    "-n",
                    Space,
                    "-l",
                    "fairlead.dev/pipeline",
                    "-o",
                    "name"
                )
            ).Trim();
        }
        Assert.Equal("", left);
    }

    /// <summary>Gives the cluster's registry an image with this machine's busybox, since none can be fetched.</summary>
    private async Task<string> ImageAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{cluster.Registry}/v2/busybox/") };
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            await writer.WriteEntryAsync("/bin/busybox", "bin/busybox", Stop);
            foreach (var program in Programs)
            {
                await writer.WriteEntryAsync(
                    new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{program}") { LinkName = "busybox" },
                    Stop
                );
            }
        }
        var layer = await PutAsync(http, tar.ToArray());
        var config = Encoding.UTF8.GetBytes(
            new JsonObject
            {
                ["architecture"] = "amd64",
                ["os"] = "linux",
                ["config"] = new JsonObject { ["Env"] = new JsonArray("PATH=/bin") },
                ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(layer) },
            }.ToJsonString()
        );
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = Described(
                "application/vnd.oci.image.config.v1+json",
                await PutAsync(http, config),
                config.Length
            ),
            ["layers"] = new JsonArray(Described("application/vnd.oci.image.layer.v1.tar", layer, tar.Length)),
        };
        using var body = new StringContent(manifest.ToJsonString());
        body.Headers.ContentType = new MediaTypeHeaderValue(ManifestType);
        using var answer = await http.PutAsync(new Uri("manifests/1", UriKind.Relative), body, Stop);
        answer.EnsureSuccessStatusCode();
        return $"{cluster.Registry}/busybox:1";
    }

    private static JsonObject Described(string type, string digest, long bytes) =>
        new()
        {
            ["mediaType"] = type,
            ["digest"] = digest,
            ["size"] = bytes,
        };

    private static async Task<string> PutAsync(HttpClient http, byte[] bytes)
    {
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
        using var begun = await http.PostAsync(new Uri("blobs/uploads/", UriKind.Relative), null, Stop);
        begun.EnsureSuccessStatusCode();
        var place = new UriBuilder(new Uri(http.BaseAddress!, begun.Headers.Location!)); // It has one: the answer was good.
        place.Query = $"{place.Query.TrimStart('?')}&digest={Uri.EscapeDataString(digest)}";
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await http.PutAsync(place.Uri, content, Stop);
        answer.EnsureSuccessStatusCode();
        return digest;
    }
}
