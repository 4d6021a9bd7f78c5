using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Engine.Guarding.Scanning;

/// <summary>Compares what lies in an artifact with what was built. Pure.</summary>
internal static class ArtifactList
{
    public static string DigestOf(string list) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)));

    /// <param name="was">The list that was signed.</param>
    /// <param name="now">The list of today.</param>
    public static Difference Compare(string was, string now)
    {
        var left = Entries(now);
        var changed = new List<string>();
        foreach (var (name, what) in Entries(was))
        {
            if (!left.Remove(name, out var found) || found != what)
            {
                changed.Add(name);
            }
        }
        return new(changed, [.. left.Keys]);
    }

    // x 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 bin/api
    private static OrderedDictionary<string, string> Entries(string list)
    {
        var entries = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in list.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ', 3);
            entries[words[^1]] = line[..^words[^1].Length];
        }
        return entries;
    }

    /// <param name="Changed">Built, and other or gone now.</param>
    /// <param name="Added">Not built: a program wrote them into its own folder, or somebody else did.</param>
    public sealed record Difference(IReadOnlyList<string> Changed, IReadOnlyList<string> Added);
}
