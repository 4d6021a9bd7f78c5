using System.IO.Compression;

namespace Fairlead.Engine.Aws.Lambda;

/// <summary>Zips files for Lambda. The same files make the same bytes, so that what is there already is not sent again. Pure.</summary>
internal static class LambdaZip
{
    // Zip knows no time before it.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private const int File = 0x81A4; // A file that everybody may read: 0644.
    private const int Program = 0x81ED; // And start: 0755.
    private const int ModeShift = 16;

    /// <param name="files">Sorted by name.</param>
    public static byte[] Of(IEnumerable<(ArtifactFile File, byte[] Bytes)> files)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (file, bytes) in files)
            {
                var entry = archive.CreateEntry(file.Name, CompressionLevel.Optimal);
                entry.LastWriteTime = Time;
                entry.ExternalAttributes = (file.IsProgram ? Program : File) << ModeShift;
                using var body = entry.Open();
                body.Write(bytes);
            }
        }
        return zip.ToArray();
    }
}
