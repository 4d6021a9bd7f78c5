using System.Globalization;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Compliance.Host;

/// <summary>Who may do what with the state folder.</summary>
internal static class StateChecks
{
    private const int FilesMax = 50_000;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    private const UnixFileMode Foreign = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    // By what their makers call them; see StateFolder.
    private static readonly string[] KeyNames = ["api-token", "intake-secret", "identity-key", "signing-key.pem"];

    private static readonly string[] KeyEndings = [".key", "-key", ".pem", ".pfx"];

    public static Measured Folder(HostLook look) =>
        look.Sights.StateFiles(1) switch
        {
            [] => new Measured.Unknown("There is no state folder yet.", "fairlead up"),
            [var top, ..] when (top.Mode & Others) == UnixFileMode.None => look.Holds(
                $"The state folder is {Text(top.Mode)}."
            ),
            [var top, ..] => look.Fails(
                $"The state folder is {Text(top.Mode)}: other accounts see into it.",
                $"chmod 700 {look.Sights.State}"
            ),
        };

    public static Measured Keys(HostLook look)
    {
        var keys = look.Sights.StateFiles(FilesMax).Where(static one => !one.IsFolder && IsKey(one.Path)).ToList();
        var open = keys.Where(static one => (one.Mode & Others) != UnixFileMode.None).ToList();
        return keys.Count == 0 ? new Measured.Unknown("There are no keys in the state folder yet.", "fairlead up")
            : open.Count == 0 ? look.Holds($"{Count(keys.Count)} with keys are readable by their account alone.")
            : look.Fails(
                $"Other accounts may read keys: {Named(open)}.",
                $"chmod 600 {look.Sights.State}/{open[0].Path}"
            );
    }

    public static Measured Writable(HostLook look)
    {
        var all = look.Sights.StateFiles(FilesMax);
        var open = all.Where(static one => (one.Mode & Foreign) != UnixFileMode.None).ToList();
        return open.Count > 0
                ? look.Fails($"Other accounts may write: {Named(open)}.", $"chmod -R go-w {look.Sights.State}")
            : all.Count == 0 ? new Measured.Unknown("There is no state folder yet.", "fairlead up")
            : all.Count >= FilesMax
                ? new Measured.Unknown(
                    $"Of the state folder, the first {Count(FilesMax)} were looked at.",
                    $"find {look.Sights.State} -perm /022 ! -type l"
                )
            : look.Holds($"{Count(all.Count)} are writable by their account alone.");
    }

    // Only Fairlead's own: what apps call their files says nothing.
    private static bool IsKey(string path) =>
        KeyNames.Contains(path, StringComparer.Ordinal)
        || (
            !path.StartsWith("artifacts/", StringComparison.Ordinal)
            && !path.StartsWith("builds/", StringComparison.Ordinal)
            && !path.StartsWith("instances/", StringComparison.Ordinal)
            && KeyEndings.Any(end => path.EndsWith(end, StringComparison.Ordinal))
            && !path.EndsWith("-public.pem", StringComparison.Ordinal)
        );

    private static string Named(IReadOnlyList<StateFile> files) =>
        DeploymentEvidence.Named([
            .. files.Select(static one =>
                $"{(one.Path.Length == 0 ? "." : HostLook.Cut(one.Path))} ({Text(one.Mode)})"
            ),
        ]);

    private static string Count(int files) => string.Create(CultureInfo.InvariantCulture, $"{files} files");

    private static string Text(UnixFileMode mode) => Convert.ToString((int)mode & 0x1FF, 8).PadLeft(3, '0');
}
