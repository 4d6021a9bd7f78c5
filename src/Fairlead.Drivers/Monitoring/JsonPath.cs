using System.Globalization;
using System.Text.Json;

namespace Fairlead.Drivers.Monitoring;

/// <summary>
/// Finds one value in JSON by a path such as <c>checks[0].status</c>, with or without <c>$.</c> before it. Ours because one value is all
/// a monitor asks for; wildcards and filters are left out.
/// </summary>
internal static class JsonPath
{
    /// <returns>A text as it is, anything else as JSON writes it; null where there is nothing.</returns>
    public static string? Find(JsonElement root, string path)
    {
        var at = root;
        foreach (var step in Steps(path))
        {
            if (
                int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && at.ValueKind is JsonValueKind.Array
            )
            {
                if (index >= at.GetArrayLength())
                {
                    return null;
                }
                at = at[index];
            }
            else if (at.ValueKind is not JsonValueKind.Object || !at.TryGetProperty(step, out at))
            {
                return null;
            }
        }
        return at.ValueKind is JsonValueKind.String ? at.GetString() : at.GetRawText();
    }

    private static string[] Steps(string path) =>
        (path.StartsWith('$') ? path[1..] : path).Split(
            ['.', '[', ']'],
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
}
