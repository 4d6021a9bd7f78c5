using System.Diagnostics;

namespace Fairlead.Scenarios.Containers;

/// <summary>An image with this machine's Python, since none can be fetched.</summary>
internal static class PythonImage
{
    public const string Name = "fairlead-compose-test:1";

    public static Task BuildAsync(string engine, string folder, CancellationToken stop) =>
        BuildAsync(engine, folder, (Name, ""), stop);

    /// <param name="image">Its name, and what is done to the folder <c>$root</c> before the image is made of it, in Bash.</param>
    public static async Task BuildAsync(
        string engine,
        string folder,
        (string Name, string More) image,
        CancellationToken stop
    )
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "Needs python3 of Debian.");
        var start = new ProcessStartInfo(
            "bash",
            ["-c", Script, "build", Path.Combine(folder, "root"), engine, image.Name, image.More]
        )
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

    private const string Script = """
        set -euo pipefail
        root=$1
        carry() {
            cp -L "$1" "$root/usr/bin/"
            ldd "$1" | grep -o '/[^ ]*' | while read -r library; do
                mkdir -p "$root$(dirname "$library")"
                cp -L "$library" "$root$library"
            done
        }
        mkdir -p "$root"/{usr/bin,usr/lib,tmp,app,data,etc,run}
        ln -s usr/bin "$root/bin"
        python=$(readlink -f /usr/bin/python3)
        for program in "$python" /usr/bin/bash /usr/bin/chown /usr/bin/head /usr/bin/grep; do
            carry "$program"
        done
        ln -s "$(basename "$python")" "$root/usr/bin/python3"
        ln -s bash "$root/usr/bin/sh"
        version=$(basename "$python")
        cp -a "/usr/lib/$version" "$root/usr/lib/"
        rm -rf "$root/usr/lib/$version/test" "$root/usr/lib/$version/dist-packages"
        eval "$4"
        tar -C "$root" -c . | docker -H "$2" import - "$3"
        rm -rf "$root"
        """;
}
