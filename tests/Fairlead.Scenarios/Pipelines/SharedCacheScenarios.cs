using System.Diagnostics;
using System.Globalization;
using System.Net;
using Fairlead.Scenarios.Collecting;

namespace Fairlead.Scenarios.Pipelines;

/// <summary>The real program on several machines, which share a cache that a real server keeps. A machine here is a folder with a state of its own.</summary>
public sealed class SharedCacheScenarios : IDisposable
{
    private const string Pipeline = """
        jobs:
          lib: { script: sleep 0.3 && mkdir -p out && cat src/* > out/lib && chmod +x out/lib, inputs: [src/**], outputs: [out/lib] }
          app: { script: tr a-z A-Z < out/lib > out/app, inputs: [app/**], outputs: [out/app], needs: lib }
        """;

    private readonly Dictionary<string, string> env = new(StringComparer.Ordinal);
    private readonly List<CiFolder> machines = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => machines.ForEach(static one => one.Dispose());

    [Fact]
    public async Task Machines_share_what_they_made_by_nginx_which_may_be_spoiled_or_go()
    {
        var program = RealPeer.Find("nginx", "nginx-light");
        var port = RealPeer.FreePort();
        var folder = RealPeer.NewFolder();
        var kept = await WriteNginxAsync(folder, port);
        string[] words = ["-e", "stderr", "-p", folder, "-c", Path.Combine(folder, "nginx.conf")];
        (env["FAIRLEAD_CACHE_URL"], env["FAIRLEAD_CACHE_TOKEN"]) = (
            $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/team",
            "t0ken"
        );
        await KeysAsync();
        await using (await RealPeer.StartAsync((program, words), folder, () => RealPeer.ListensAsync(port)))
        {
            await ShareAsync();
            await ShareTestsAsync();
            Directory.Delete(Path.Combine(kept, "team"), recursive: true);
            await ShareAsync();
            Assert.Equal(4, Directory.EnumerateFiles(kept, "*", SearchOption.AllDirectories).Count());

            // Whoever can write there can break it, and that is all.
            foreach (var file in Directory.EnumerateFiles(Path.Combine(kept, "team", "cas")))
            {
                var bytes = await File.ReadAllBytesAsync(file, Stop);
                bytes[bytes.Length / 2] ^= 1;
                await File.WriteAllBytesAsync(file, bytes, Stop);
            }
            var spoiled = await MachineOf().RunAsync(Stop, "ci", "run");
            Assert.Equal(0, spoiled.Code);
            Assert.Contains("done  2", spoiled.Out, StringComparison.Ordinal);
            Assert.Contains("not what was signed", spoiled.Error, StringComparison.Ordinal);

            env["FAIRLEAD_CACHE_TOKEN"] = "wrong";
            var refused = await MachineOf().RunAsync(Stop, "ci", "run");
            Assert.Equal(0, refused.Code);
            Assert.Contains("401", refused.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("wrong", refused.Error, StringComparison.Ordinal);
        }
        var began = Stopwatch.GetTimestamp();
        var gone = await MachineOf().RunAsync(Stop, "ci", "run");
        Assert.Equal(0, gone.Code);
        Assert.Contains("done  2", gone.Out, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Machines_share_what_they_made_by_a_bucket()
    {
        var program = RealPeer.Find("moto_server", "python3-moto, or the Python package moto[server]");
        var port = RealPeer.FreePort();
        var number = port.ToString(CultureInfo.InvariantCulture);
        await using var moto = await RealPeer.StartAsync(
            (program, ["-H", "127.0.0.1", "-p", number]),
            RealPeer.NewFolder(),
            () => RealPeer.ListensAsync(port)
        );
        using var http = new HttpClient();
        using var made = await http.PutAsync($"http://127.0.0.1:{number}/shop-cache", null, Stop);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);

        env["FAIRLEAD_CACHE_URL"] = "s3://shop-cache/ci";
        env["AWS_ENDPOINT_URL_S3"] = $"http://127.0.0.1:{number}";
        (env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]) = ("AKIDEXAMPLE", "secret");
        await KeysAsync();
        await ShareAsync();
        var listed = await http.GetStringAsync(
            $"http://127.0.0.1:{number}/shop-cache?list-type=2&prefix=ci/cas/",
            Stop
        );
        Assert.Contains("<KeyCount>2</KeyCount>", listed, StringComparison.Ordinal);
    }

    private async Task ShareAsync()
    {
        var first = await MachineOf().RunAsync(Stop, "ci", "run");
        Assert.True(first.Code == 0, first.Error);
        Assert.Contains("done  2", first.Out, StringComparison.Ordinal);
        Assert.Contains("2 sent", first.Error, StringComparison.Ordinal);

        var machine = MachineOf();
        var plan = await machine.RunAsync(Stop, "ci", "plan");
        Assert.Matches("lib +lib +restore +cached \\(remote\\)", plan.Out);
        var second = await machine.RunAsync(Stop, "ci", "run");
        Assert.True(second.Code == 0, second.Error);
        Assert.Contains("restored  2", second.Out, StringComparison.Ordinal);
        Assert.Contains("cached (remote)", second.Error, StringComparison.Ordinal);
        Assert.Equal("ONE", await File.ReadAllTextAsync(machine.PathOf("out/app"), Stop));
        Assert.True(File.GetUnixFileMode(machine.PathOf("out/lib")).HasFlag(UnixFileMode.UserExecute));
        Assert.Contains("up to date  2", (await machine.RunAsync(Stop, "ci", "run")).Out, StringComparison.Ordinal);
    }

    /// <summary>How long tests took, and how they were parted: a fresh machine parts them as well, and the same as others did.</summary>
    private async Task ShareTestsAsync()
    {
        const string Tests = """
            jobs:
              test:
                shards: { count: 2, files: [test/**] }
                inputs: [src/**]
                reports: [reports/**]
                script: |
                  mkdir -p reports
                  for test in $(cat "$FAIRLEAD_SHARD_FILE"); do
                    echo "$FAIRLEAD_SHARD $test" >> seen
                    time=1; test "$test" = test/a && time=20
                    cases="$cases<testcase name='$test' file='$test' time='$time'/>"
                  done
                  echo "<testsuite>$cases</testsuite>" > "reports/$FAIRLEAD_SHARD.xml"
            """;
        async Task<string> SeenAsync(string source)
        {
            var machine = MachineOf();
            machine.Pipeline(Tests);
            machine.Write("src/one", source);
            foreach (var name in (string[])["a", "b", "c", "d"])
            {
                machine.Write($"test/{name}", "");
            }
            var (code, _, error) = await machine.RunAsync(Stop, "ci", "run");
            Assert.True(code == 0, error);
            var seen = machine.PathOf("seen");
            return File.Exists(seen)
                ? string.Join('|', (await File.ReadAllLinesAsync(seen, Stop)).Order(StringComparer.Ordinal))
                : "nothing";
        }

        Assert.Equal("1 test/a|1 test/c|2 test/b|2 test/d", await SeenAsync("one"));
        Assert.Equal("nothing", await SeenAsync("one"));
        Assert.Equal("1 test/a|2 test/b|2 test/c|2 test/d", await SeenAsync("two"));
    }

    private CiFolder MachineOf()
    {
        var machine = new CiFolder(new Dictionary<string, string>(env));
        machines.Add(machine);
        machine.Write("src/one", "one");
        machine.Write("app/a", "1");
        machine.Pipeline(Pipeline);
        return machine;
    }

    /// <summary>As the guide says: a key by OpenSSL.</summary>
    private async Task KeysAsync()
    {
        var program = RealPeer.Find("openssl", "openssl");
        using var made = Process.Start(
            new ProcessStartInfo(program, ["genpkey", "-algorithm", "ed25519"])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        env["FAIRLEAD_CACHE_KEY"] = await made.StandardOutput.ReadToEndAsync(Stop);
        await made.WaitForExitAsync(Stop);
    }

    private static async Task<string> WriteNginxAsync(string folder, int port)
    {
        var kept = Path.Combine(folder, "kept");
        Directory.CreateDirectory(kept);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "nginx.conf"),
            $$"""
            daemon off;
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            pid {{folder}}/nginx.pid;
            events {}
            http {
              access_log off;
              client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy; fastcgi_temp_path {{folder}}/f;
              uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
              server {
                listen 127.0.0.1:{{port}};
                location / {
                  if ($http_authorization != "Bearer t0ken") { return 401; }
                  root {{kept}};
                  dav_methods PUT;
                  create_full_put_path on;
                  client_max_body_size 0;
                }
              }
            }
            """,
            Stop
        );
        return kept;
    }
}
