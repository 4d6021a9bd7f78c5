using Fairlead.Model.Ports;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning;

/// <summary>
/// Says of which release of Debian installed packages are: dpkg does not write it, os-release(5) beside it does. The same fault is mended in
/// another version in each release.
/// </summary>
internal static class DebianReleases
{
    private const string Dpkg = "var/lib/dpkg/";

    public static Inventory Place(IFileTree tree, Inventory inventory)
    {
        var (components, unread) = (new List<Component>(), new List<string>(inventory.Unread));
        var systems = new Dictionary<string, (string? System, string? Release)>(StringComparer.Ordinal);
        foreach (var component in inventory.Components)
        {
            if (component.Ecosystem != Ecosystem.Debian || component.Distribution is not null)
            {
                components.Add(component);
                continue;
            }
            var root = RootOf(component.File);
            if (!systems.TryGetValue(root, out var known))
            {
                systems[root] = known = SystemOf(tree, root);
                unread.AddRange(Doubt(component.File, known) is { } doubt ? [doubt] : []);
            }
            // Other distributions build other packages under the same names; Debian's advisories say nothing of those.
            if (known.System is null or "debian")
            {
                components.Add(component with { Distribution = known.Release });
            }
        }
        return new(components, unread);
    }

    private static string? Doubt(string file, (string? System, string? Release) known) =>
        known switch
        {
            ("debian", not null) => null,
            (null or "debian", _) =>
                $"{file}: etc/os-release does not say which release of Debian this is, so advisories of all releases count.",
            var (system, _) => $"{file}: these are packages of {system}, and only Debian's advisories are compared.",
        };

    // image/var/lib/dpkg/status -> image/
    private static string RootOf(string file) =>
        file.LastIndexOf(Dpkg, StringComparison.Ordinal) is var at and >= 0 ? file[..at] : "";

    // ID=debian
    // VERSION_ID="12"
    private static (string? System, string? Release) SystemOf(IFileTree tree, string root)
    {
        const int LettersMax = 40;
        var text = tree.ReadText($"{root}etc/os-release") ?? tree.ReadText($"{root}usr/lib/os-release") ?? "";
        string? Value(string key) =>
            text.Split('\n')
                .Select(static line => line.Trim())
                .Where(line => line.StartsWith(key + "=", StringComparison.Ordinal))
                .Select(line => line[(key.Length + 1)..].Trim('"', '\''))
                .FirstOrDefault(static value =>
                    value.Length is > 0 and <= LettersMax
                    && value.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_')
                );
        return (Value("ID"), Value("VERSION_ID"));
    }
}
