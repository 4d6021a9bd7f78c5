using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.State;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Builds;

/// <summary>Papers beside artifacts, and a list of what lies in one.</summary>
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

    public Task<string?> ListAsync(string artifact, CancellationToken stop) =>
        LocalBuilder.IsDigest(artifact) && Directory.Exists(state.ArtifactFolder(artifact))
            ? Task.Run(() => (string?)ListOf(state.ArtifactFolder(artifact), stop), stop)
            : Task.FromResult<string?>(null);

    /// <inheritdoc cref="IArtifactPapers.ListAsync"/>
    internal static string ListOf(string folder, CancellationToken stop)
    {
        var lines = new StringBuilder();
        Add(lines, folder, "", stop);
        return lines.ToString();
    }

    private static void Add(StringBuilder lines, string folder, string path, CancellationToken stop)
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
                    Line(lines, 'd', SHA256.HashData([]), inside);
                    Add(lines, whole, inside, stop);
                    break;
                case { Kind: FileKind.Link }:
                    Line(
                        lines,
                        'l',
                        SHA256.HashData(Encoding.UTF8.GetBytes(new FileInfo(whole).LinkTarget ?? "")),
                        inside
                    );
                    break;
                case { Kind: FileKind.File }:
                    using (var file = File.OpenRead(whole))
                    {
                        var isProgram = File.GetUnixFileMode(whole).HasFlag(UnixFileMode.UserExecute);
                        Line(lines, isProgram ? 'x' : 'f', SHA256.HashData(file), inside);
                    }
                    break;
                default:
                    // A socket or a pipe that a program left: nobody can build one, and to read it could wait for ever.
                    break;
            }
        }
    }

    // A name may hold the end of a line; written so, no two folders give the same text.
    private static void Line(StringBuilder lines, char kind, byte[] hash, string path) =>
        lines
            .Append(kind)
            .Append(' ')
            .Append(Convert.ToHexStringLower(hash))
            .Append(' ')
            .Append(path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
            .Append('\n');

    private string? PathOf(string artifact, string name) =>
        LocalBuilder.IsDigest(artifact)
        && name.All(static letter => char.IsAsciiLetterLower(letter) || letter is '.' or '-')
            ? $"{state.ArtifactFolder(artifact)}.{name}"
            : null;
}
