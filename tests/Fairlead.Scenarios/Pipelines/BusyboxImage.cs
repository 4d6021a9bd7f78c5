using Fairlead.Scenarios.Containers;

namespace Fairlead.Scenarios.Pipelines;

/// <summary>An image with nothing but this machine's busybox, since none can be fetched.</summary>
internal static class BusyboxImage
{
    private static readonly string[] Programs =
    [
        "sh",
        "cat",
        "echo",
        "env",
        "grep",
        "httpd",
        "id",
        "mkdir",
        "printf",
        "pwd",
        "sleep",
        "tail",
        "test",
        "touch",
        "wget",
    ];

    /// <param name="says">What is in its file <c>/says</c>: another text is another image.</param>
    /// <param name="changes">Instructions of a Dockerfile, such as <c>CMD ["sh"]</c>.</param>
    public static async Task BuildAsync(
        DockerEngine engine,
        string name,
        string says,
        CancellationToken stop,
        params string[] changes
    )
    {
        Assert.SkipUnless(File.Exists("/bin/busybox"), "Needs busybox (apt-get install busybox-static).");
        var folder = Directory.CreateTempSubdirectory("fairlead-busybox-");
        try
        {
            var tar = Path.Combine(folder.FullName, "image.tar");
            await using (var writer = new System.Formats.Tar.TarWriter(File.Create(tar)))
            {
                await writer.WriteEntryAsync("/bin/busybox", "bin/busybox", stop);
                foreach (var program in Programs)
                {
                    await writer.WriteEntryAsync(
                        new System.Formats.Tar.PaxTarEntry(
                            System.Formats.Tar.TarEntryType.SymbolicLink,
                            $"bin/{program}"
                        )
                        {
                            LinkName = "busybox",
                        },
                        stop
                    );
                }
                await writer.WriteEntryAsync(
                    new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "says")
                    {
                        DataStream = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(says)),
                    },
                    stop
                );
            }
            string[] words = ["import", .. changes.SelectMany(static one => (string[])["--change", one]), tar, name];
            var said = await engine.AskAsync(stop, words);
            Assert.StartsWith("sha256:", said, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
