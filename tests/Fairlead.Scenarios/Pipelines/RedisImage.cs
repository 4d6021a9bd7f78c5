using System.Diagnostics;

namespace Fairlead.Scenarios.Pipelines;

/// <summary>An image with this machine's Redis and its libraries, since none can be fetched.</summary>
internal static class RedisImage
{
    public const string Name = "fairlead-ci-redis:1";

    private const string Script = """
        set -euo pipefail
        root=$1
        mkdir -p "$root"/{usr/bin,tmp,data}
        ln -s usr/bin "$root/bin"
        for program in /usr/bin/redis-server /usr/bin/redis-cli; do
            cp -L "$program" "$root/usr/bin/$(basename "$program")"
            ldd "$program" | grep -o '/[^ ]*' | while read -r library; do
                mkdir -p "$root$(dirname "$library")"
                cp -L "$library" "$root$library"
            done
        done
        tar -C "$root" -c . | docker -H "$2" import --change 'CMD ["redis-server", "--dir", "/data", "--protected-mode", "no"]' - "$3"
        rm -rf "$root"
        """;

    public static async Task BuildAsync(string engine, string folder, CancellationToken stop)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/redis-server"), "Needs redis-server of Debian.");
        var start = new ProcessStartInfo("bash", ["-c", Script, "build", Path.Combine(folder, "redis"), engine, Name])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var errors = await process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        Assert.True(process.ExitCode == 0, $"{await output}{errors}");
    }
}
