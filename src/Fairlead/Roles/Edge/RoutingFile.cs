using System.Runtime.InteropServices;
using System.Text.Json;
using Fairlead.Drivers.Http;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Roles.Edge;

/// <summary>All that the edge remembers over a restart.</summary>
/// <param name="Fence">The highest seen.</param>
internal sealed record SavedRoutings(long Fence, IReadOnlyList<Routing> Routings)
{
    public static readonly SavedRoutings None = new(0, []);

    public Routing Find(Site site) => Routings.FirstOrDefault(one => one.Site == site) ?? Routing.None(site);

    /// <summary>A site that routes nothing is not kept.</summary>
    public SavedRoutings With(Routing routing, Fence fence) =>
        new(
            fence.Number,
            [
                .. Routings.Where(one => one.Site != routing.Site),
                .. new[] { routing }.Where(one => one.Hosts.Count > 0 || one.Services.Count > 0),
            ]
        );
}

/// <summary>The last good routings on disk, in one file that is whole at every instant: written beside, forced to disk, renamed.</summary>
internal sealed class RoutingFile(string folder, ILogger log)
{
    // A file with holes is damaged, not a routing with nulls.
    private static readonly JsonSerializerOptions Strict = new(Wire.Json)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private string Path { get; } = System.IO.Path.Combine(folder, "routing.json");

    /// <summary>Reads what was saved. A damaged file is kept aside, and the edge starts with nothing to route.</summary>
    public SavedRoutings Load()
    {
        if (!File.Exists(Path))
        {
            return SavedRoutings.None;
        }
        try
        {
            var saved = JsonSerializer.Deserialize<SavedRoutings>(File.ReadAllBytes(Path), Strict);
            return RoutingRules.CheckAll(saved ?? throw new JsonException("The file says null."));
        }
        catch (Exception caught) when (caught is JsonException or ProblemException or ArgumentException)
        {
            var aside = Path + ".damaged";
            File.Move(Path, aside, overwrite: true);
            log.RoutingDamaged(caught, aside);
            return SavedRoutings.None;
        }
    }

    /// <exception cref="ProblemException">The disk is full or broken; what was saved before is still there.</exception>
    public void Save(SavedRoutings saved)
    {
        var beside = Path + ".new";
        try
        {
            Directory.CreateDirectory(folder);
            using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write))
            {
                JsonSerializer.Serialize(file, saved, Wire.Json);
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, Path, overwrite: true);
            SyncFolder();
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(
                new Problem(
                    "edge.not-saved",
                    What: "The edge did not change its routing, because it could not save the new one.",
                    Why: $"{beside}: {caught.Message}",
                    Fix: $"Make room or mend the rights: df -h {folder}; ls -ld {folder}"
                ),
                caught
            );
        }
    }

    // A rename is durable once its folder is on disk.
    private void SyncFolder()
    {
        var descriptor = open(folder, flags: 0);
        if (descriptor < 0 || fsync(descriptor) != 0)
        {
            throw new IOException($"fsync of {folder} failed with error {Marshal.GetLastPInvokeError()}.");
        }
        _ = close(descriptor);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);
}
