using Fairlead.Drivers.Shell;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Images;

/// <summary>
/// The names of a layout: its <c>index.json</c>, changed by one at a time and whole or as before after a power cut. A name is the
/// annotation <c>org.opencontainers.image.ref.name</c>; containerd's own says the same in full.
/// </summary>
internal sealed class LayoutIndex(string folder, World world)
{
    private const string RefName = "org.opencontainers.image.ref.name";
    private const string ContainerdName = "io.containerd.image.name";
    private const string SubjectName = "dev.fairlead.attached-to";

    // Two changes are milliseconds; a pull does not hold it.
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    private readonly Lock preparing = new();

    private string File => Path.Combine(folder, "index.json");

    public void Prepare()
    {
        var path = Path.Combine(folder, "oci-layout");
        // Layers that come at the same time all find it missing.
        lock (preparing)
        {
            if (!System.IO.File.Exists(path))
            {
                WriteFile(path, """{"imageLayoutVersion":"1.0.0"}"""u8, world.NewId());
            }
        }
    }

    public async Task<IDisposable> LockAsync(CancellationToken stop)
    {
        while (true)
        {
            if (LockFile.TryTake(Path.Combine(folder, "index.lock"), out _) is { } held)
            {
                return held;
            }
            await Task.Delay(LockPause, world.Clock, stop);
        }
    }

    public async Task<IReadOnlyList<Descriptor>> ReadAsync(CancellationToken stop)
    {
        try
        {
            var bytes = await System.IO.File.ReadAllBytesAsync(File, stop);
            return ManifestReader.Read(bytes, MediaTypes.Index).Parts;
        }
        catch (Exception caught) when (caught is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (InvalidDataException caught)
        {
            throw new ProblemException(ImageProblems.Broken(File, caught.Message), caught);
        }
    }

    public void Write(IReadOnlyList<Descriptor> entries) =>
        WriteFile(File, ImageJson.Write(new Manifest.Index(MediaTypes.Index, entries)), "new");

    public static ImageReference? NameOf(Descriptor one) =>
        one.Annotations?.GetValueOrDefault(RefName) is { } text ? ImageReference.TryParse(text, out _) : null;

    public static Digest? SubjectOf(Descriptor one) =>
        Digest.TryParse(one.Annotations?.GetValueOrDefault(SubjectName), out var digest) ? digest : null;

    public static Descriptor Named(ImageReference name, Descriptor image) =>
        With(image, (RefName, name.ToString()), (ContainerdName, name.ToString()));

    public static Descriptor Attached(Digest image, Descriptor manifest) =>
        With(manifest, (SubjectName, image.ToString()));

    /// <summary>Without what only this index says of it.</summary>
    public static Descriptor Plain(Descriptor one)
    {
        var rest = (one.Annotations ?? new Dictionary<string, string>())
            .Where(static pair => pair.Key is not (RefName or ContainerdName or SubjectName))
            .ToDictionary(StringComparer.Ordinal);
        return one with { Annotations = rest.Count == 0 ? null : rest };
    }

    private static Descriptor With(Descriptor one, params IEnumerable<(string Key, string Value)> more)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in Plain(one).Annotations ?? new Dictionary<string, string>())
        {
            all[key] = value;
        }
        foreach (var (key, value) in more)
        {
            all[key] = value;
        }
        return one with { Annotations = all };
    }

    private static void WriteFile(string path, ReadOnlySpan<byte> bytes, string suffix)
    {
        var beside = $"{path}.{suffix}";
        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        System.IO.File.Move(beside, path, overwrite: true);
        DurableFile.SyncFolder(Path.GetDirectoryName(path)!);
    }
}
