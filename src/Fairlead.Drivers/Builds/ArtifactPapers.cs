using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.State;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Builds;

/// <summary>Papers beside artifacts, and the digest of an artifact's bytes.</summary>
public sealed class ArtifactPapers(StateFolder state) : IArtifactPapers
{
    private const int PaperBytesMax = 64 << 20;

    public async Task<string?> ReadAsync(string artifact, string name, CancellationToken stop)
    {
        var path = PathOf(artifact, name);
        return path is not null && File.Exists(path) && new FileInfo(path).Length <= PaperBytesMax
            ? await File.ReadAllTextAsync(path, stop)
            : null;
    }

    public Task<string?> DigestAsync(string artifact, CancellationToken stop) =>
        LocalBuilder.IsDigest(artifact) && Directory.Exists(state.ArtifactFolder(artifact))
            ? Task.Run(() => (string?)DigestOf(state.ArtifactFolder(artifact), stop), stop)
            : Task.FromResult<string?>(null);

    /// <summary>SHA-256 over each entry's name, kind, right to be executed and content, in the order of names.</summary>
    internal static string DigestOf(string folder, CancellationToken stop)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(all, folder, "", stop);
        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    private static void Add(IncrementalHash all, string folder, string path, CancellationToken stop)
    {
        foreach (
            var name in Directory
                .EnumerateFileSystemEntries(folder)
                .Select(static one => Path.GetFileName(one))
                .Order(StringComparer.Ordinal)
        )
        {
            stop.ThrowIfCancellationRequested();
            var (whole, inside) = (Path.Combine(folder, name), path.Length == 0 ? name : $"{path}/{name}");
            switch (Posix.Stat(whole))
            {
                case { Kind: FileKind.Folder }:
                    Line(all, 'd', inside, "");
                    Add(all, whole, inside, stop);
                    break;
                case { Kind: FileKind.Link }:
                    Line(all, 'l', inside, new FileInfo(whole).LinkTarget ?? "");
                    break;
                default:
                    using (var file = File.OpenRead(whole))
                    {
                        var isProgram = File.GetUnixFileMode(whole).HasFlag(UnixFileMode.UserExecute);
                        Line(all, isProgram ? 'x' : 'f', inside, Convert.ToHexStringLower(SHA256.HashData(file)));
                    }
                    break;
            }
        }
    }

    // Zero bytes part what names cannot hold, so no two trees give the same lines.
    private static void Line(IncrementalHash all, char kind, string path, string content) =>
        all.AppendData(Encoding.UTF8.GetBytes($"{kind}\0{path}\0{content}\0"));

    private string? PathOf(string artifact, string name) =>
        LocalBuilder.IsDigest(artifact)
        && name.All(static letter => char.IsAsciiLetterLower(letter) || letter is '.' or '-')
            ? $"{state.ArtifactFolder(artifact)}.{name}"
            : null;
}
