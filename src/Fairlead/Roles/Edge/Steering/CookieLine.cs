using Microsoft.Extensions.Primitives;

namespace Fairlead.Roles.Edge.Steering;

/// <summary>Finds one cookie without reading the others into memory.</summary>
internal static class CookieLine
{
    // theme=dark; ab="b"; fairlead-cohort=9f3a
    public static ReadOnlySpan<char> Find(in StringValues lines, string name)
    {
        for (var index = 0; index < lines.Count; index++)
        {
            var rest = lines[index].AsSpan();
            while (rest.Length > 0)
            {
                var end = rest.IndexOf(';');
                var one = (end < 0 ? rest : rest[..end]).Trim();
                rest = end < 0 ? [] : rest[(end + 1)..];
                if (
                    one.Length > name.Length
                    && one[name.Length] == '='
                    && one.StartsWith(name, StringComparison.Ordinal)
                )
                {
                    return one[(name.Length + 1)..].Trim('"');
                }
            }
        }
        return default;
    }
}
